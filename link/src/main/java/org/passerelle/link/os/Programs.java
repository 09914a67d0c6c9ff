package org.passerelle.link.os;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs of this host, those for root included, which a user's path leaves out. */
public final class Programs {
  private Programs() {}

  static String path() {
    return System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
  }

  public static Optional<Path> find(String name) {
    return Stream.of(path().split(":"))
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
