package org.passerelle.scripts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A fact that scripts leave for later ones, as a file of the run directory with a word in it: what
 * the packet filter would also tell, whose library takes longer to load than all else that is to be
 * done.
 */
record RunMark(Path file) {

  boolean isSet() {
    return Files.exists(file);
  }

  void set(String word) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, word);
    } catch (IOException e) {
      throw new UncheckedIOException("make " + file + ": " + e, e);
    }
  }

  /** The word; empty when it is not set. */
  String word() {
    try {
      return isSet() ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException("read " + file + ": " + e, e);
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
