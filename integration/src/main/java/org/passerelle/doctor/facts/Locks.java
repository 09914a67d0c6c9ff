package org.passerelle.doctor.facts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.passerelle.link.os.HostFiles;

/** Who has locked what. Looked up, not tried: whoever tries a lock has it for a moment. */
record Locks(HostFiles files) {

  /** By the file's number, and its device's: each file system has numbers of its own. */
  boolean isLocked(Path file) {
    try {
      Path real = file.toRealPath();
      String number = ":" + Files.getAttribute(real, "unix:ino") + " ";
      return Mount.of(files, real)
          .map(mount -> " " + mount.lockDevice() + number)
          .filter(words -> files.lines("proc/locks").stream().anyMatch(l -> l.contains(words)))
          .isPresent();
    } catch (IOException e) {
      return false; // There is none.
    }
  }
}
