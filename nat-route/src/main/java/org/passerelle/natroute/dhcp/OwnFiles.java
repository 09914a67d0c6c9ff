package org.passerelle.natroute.dhcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.passerelle.link.list.Lists;
import org.passerelle.link.os.FileTrouble;

/**
 * Our files for a server that is not root, each whole whenever it is read.
 *
 * @param directory theirs; made when it is first needed
 */
record OwnFiles(Path directory) {
  private static final String UNFINISHED = ".unfinished";

  Path path(String name) {
    return directory.resolve(name);
  }

  /** The names in a directory of ours, in order; none where there is no such directory. */
  List<String> names(String inside) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path(inside))) {
      return Lists.sorted(Lists.map(files, file -> file.getFileName().toString()));
    } catch (DirectoryIteratorException e) {
      throw failure("list", inside, e.getCause());
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw failure("list", inside, e);
    }
  }

  /** Its text; empty where there is no such file. */
  String read(String name) {
    try {
      return Files.readString(path(name), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw failure("read", name, e);
    }
  }

  void write(String name, String text) {
    Path unfinished = path(UNFINISHED);
    try {
      makeReadable(directory);
      makeReadable(path(name).getParent());
      Files.writeString(unfinished, text, StandardCharsets.ISO_8859_1);
      Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(unfinished, path(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failure("write", name, e);
    }
  }

  void makeDirectory(String name) {
    try {
      makeReadable(directory);
      makeReadable(path(name));
    } catch (IOException e) {
      throw failure("make", name, e);
    }
  }

  void rename(String from, String to) {
    try {
      Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failure("rename", from, e);
    }
  }

  private static void makeReadable(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /** Removes a file, or a directory if nothing is in it. */
  void remove(String name) {
    try {
      Files.deleteIfExists(path(name));
    } catch (DirectoryNotEmptyException e) {
      // What is in it is still needed.
    } catch (IOException e) {
      throw failure("remove", name, e);
    }
  }

  /** Removes these directories of ours, and the one that they are in, if nothing is in them. */
  void removeEmpty(List<String> inside) {
    remove(UNFINISHED);
    inside.forEach(this::remove);
    remove("");
  }

  private UncheckedIOException failure(String verb, String name, IOException e) {
    return new UncheckedIOException(FileTrouble.text(verb + " " + path(name), e), e);
  }
}
