package org.passerelle.scripts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * That a vif may have ports of dom0's, as a file: at its end only such a vif asks the packet
 * filter, whose library takes longer to load than all else that is to be done.
 */
record ForwardMark(Path file) {

  boolean isSet() {
    return Files.exists(file);
  }

  void set() {
    try {
      Files.createDirectories(file.getParent());
      if (!isSet()) {
        Files.createFile(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("make " + file + ": " + e, e);
    }
  }

  void remove() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("remove " + file + ": " + e, e);
    }
  }
}
