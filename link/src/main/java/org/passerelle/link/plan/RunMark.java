package org.passerelle.link.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.list.Lists;

/**
 * A fact that scripts leave for later ones, as a file of the run directory with a word in it: what
 * the packet filter would also tell, whose library takes longer to load than all else that is to be
 * done.
 */
public record RunMark(Path file) {
  /** How the name of one ends that is not whole yet, in the directory above. */
  public static final String UNFINISHED = ".new";

  private static final String PRIVATE = "rwx------";

  /** Makes a directory, and those above it, for nobody else to change what is in them. */
  public static void makePrivate(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
    }
  }

  /** True where only root sees what is in a directory. */
  public static boolean isHidden(Path directory) {
    return Files.isDirectory(directory) && !Files.isReadable(directory);
  }

  /** Where a word is written before it is there at one stroke; beside no other mark. */
  private Path unfinished() {
    Path marks = file.getParent();
    return marks.resolveSibling(marks.getFileName() + "." + file.getFileName() + UNFINISHED);
  }

  /** Whether no other mark is beside it. */
  public boolean isAlone() {
    String[] names = file.getParent().toFile().list();
    return names == null || Lists.all(List.of(names), file.getFileName().toString()::equals);
  }

  public boolean isSet() {
    return Files.exists(file);
  }

  public void set(String word) {
    try {
      makePrivate(file.getParent());
      Path unfinished = unfinished();
      Files.writeString(unfinished, word);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new FileFailure("make " + file, e);
    }
  }

  /** The word; empty when it is not set. */
  public String word() {
    try {
      return isSet() ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new FileFailure("read " + file, e);
    }
  }

  /** The word, of a mark that is set; it may be an empty one. */
  public Optional<String> wordIfSet() {
    return isSet() ? Optional.of(word()) : Optional.empty();
  }

  public void remove() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new FileFailure("remove " + file, e);
    }
  }

  /** Removes what a killed script may have left beside it. */
  void removeUnfinished() {
    try {
      Files.deleteIfExists(unfinished());
    } catch (IOException e) {
      throw new FileFailure("remove " + unfinished(), e);
    }
  }
}
