package org.passerelle.scripts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;
import org.passerelle.link.os.FileTrouble;

/**
 * A fact that scripts leave for later ones, as a file of the run directory with a word in it: what
 * the packet filter would also tell, whose library takes longer to load than all else that is to be
 * done.
 */
record RunMark(Path file) {
  private static final String PRIVATE = "rwx------";

  /** Makes a directory, and those above it, for nobody else to change what is in them. */
  static void makePrivate(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
    }
  }

  /** True where only root sees what is in a directory. */
  static boolean isHidden(Path directory) {
    return Files.isDirectory(directory) && !Files.isReadable(directory);
  }

  /** Whether no other mark is beside it. */
  boolean isAlone() {
    String[] names = file.getParent().toFile().list();
    return names == null || Stream.of(names).allMatch(file.getFileName().toString()::equals);
  }

  boolean isSet() {
    return Files.exists(file);
  }

  void set(String word) {
    try {
      makePrivate(file.getParent());
      Files.writeString(file, word);
    } catch (IOException e) {
      throw new UncheckedIOException(FileTrouble.text("make " + file, e), e);
    }
  }

  /** The word; empty when it is not set. */
  String word() {
    try {
      return isSet() ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(FileTrouble.text("read " + file, e), e);
    }
  }

  /** The word, of a mark that is set; it may be an empty one. */
  Optional<String> wordIfSet() {
    return isSet() ? Optional.of(word()) : Optional.empty();
  }

  void remove() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(FileTrouble.text("remove " + file, e), e);
    }
  }
}
