package org.passerelle.hypervisor.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** This process's descriptors and mappings, as the kernel has them. */
final class Descriptors {
  private Descriptors() {}

  /** How many there are of the kinds that this package makes: memfd, eventfd, epoll. */
  static long ours() {
    return targets(
            target ->
                target.contains("passerelle-dom")
                    || target.contains("[eventfd]")
                    || target.contains("[eventpoll]"))
        .size();
  }

  static long sockets() {
    return targets(target -> target.startsWith("socket:")).size();
  }

  /** How many there are at all. */
  static long all() {
    return targets(target -> !target.isEmpty()).size();
  }

  /** The descriptor and all others of the same open socket. */
  static List<Path> sameAs(int descriptor) {
    return targets(target(Path.of("/proc/self/fd/" + descriptor))::equals);
  }

  /** Those that are an anonymous file of that name, as {@code /proc/self/fd} entries. */
  static List<Path> named(String name) {
    return targets(target -> target.equals("/memfd:" + name + " (deleted)"));
  }

  /** How many mappings there are of domain memory. */
  static long mappings() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.filter(line -> line.contains("passerelle-dom")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> targets(Predicate<String> wanted) {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(link -> wanted.test(target(link))).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a descriptor is; nothing for one that went meanwhile, such as the listing's own. */
  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
