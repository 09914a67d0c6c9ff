package org.passerelle.outside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A user without any right, by his number, and a directory of his. */
record OrdinaryUser(int id, Path home) {

  static OrdinaryUser make(int id, Path directory) throws IOException {
    Path home = Files.createDirectory(directory.resolve("home-" + id));
    Files.setAttribute(home, "unix:uid", id);
    Installation.openForAll(home);
    return new OrdinaryUser(id, home);
  }

  /** A command, run by him. */
  List<String> running(List<String> command) {
    List<String> all =
        new ArrayList<>(
            List.of("setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", "--"));
    all.addAll(command);
    return all;
  }

  /** Where his labs have their directories, as long as nothing else says so. */
  Path runDirectory() {
    return Path.of("/tmp/passerelle-" + id);
  }

  /** The processes that are his, by number. */
  List<String> processes() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(path -> path.getFileName().toString().matches("\\d+"))
          .filter(this::owns)
          .map(path -> path.getFileName().toString())
          .toList();
    }
  }

  /** What has ended and was not waited for yet is a process no more. */
  private boolean owns(Path process) {
    try {
      String status = Files.readString(process.resolve("status"));
      return status.contains("\nUid:\t" + id + "\t") && !status.contains("\nState:\tZ");
    } catch (IOException e) {
      return false; // it has ended meanwhile
    }
  }

  int ownerOf(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:uid");
  }
}
