package org.passerelle.scripts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.plan.Journal;

/** This boot and the calling thread's network namespace, which journals are told apart by. */
final class HostKey {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private HostKey() {}

  static Journal.Key current() {
    try {
      return new Journal.Key(Files.readString(BOOT_ID).strip(), Namespace.currentCookie());
    } catch (IOException e) {
      throw new ScriptException("read " + BOOT_ID + ": " + e.getMessage(), e);
    }
  }
}
