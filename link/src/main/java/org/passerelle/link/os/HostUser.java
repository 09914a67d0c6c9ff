package org.passerelle.link.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Who this process is on the machine. In a user namespace everybody may be called root, so the
 * kernel is asked who that is outside (user_namespaces(7)).
 *
 * @param id the number that this process has there
 * @param root the machine's own root
 */
public record HostUser(long id, boolean root) {
  /** Ours: whose it is we are. */
  private static final Path MAP = Path.of("/proc/self/uid_map");

  /** How many numbers a map has that maps all of them. */
  private static final long ALL = 0xFFFF_FFFFL;

  /** Who we are. Throws UncheckedIOException without a /proc. */
  public static HostUser current() {
    try {
      return of(uid(MAP), Files.readString(MAP));
    } catch (IOException e) {
      throw new UncheckedIOException("read " + MAP, e);
    }
  }

  /**
   * Reads a process's map; each line has the first number inside, the first outside, and how many.
   */
  static HostUser of(long inside, String uidMap) {
    for (String line : uidMap.lines().toList()) {
      String[] numbers = line.strip().split("\\s+");
      long first = Long.parseLong(numbers[0]);
      long count = Long.parseLong(numbers[2]);
      if (inside >= first && inside - first < count) {
        long outside = Long.parseLong(numbers[1]) + inside - first;
        return new HostUser(outside, outside == 0 && count == ALL);
      }
    }
    return new HostUser(inside, false);
  }

  /** A path that nobody else could have put there, or put something else in the place of. */
  public static boolean owns(Path path) throws IOException {
    return uid(path) == uid(MAP);
  }

  private static int uid(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }
}
