package org.passerelle.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a process holds, as its kernel has it: descriptors by kind, mappings of domain memory, our
 * threads.
 */
record Leftovers(Map<String, Long> descriptors, long mappings, Map<String, Long> threads) {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  static Leftovers now() {
    return new Leftovers(descriptorKinds(), mapped(), ourThreads());
  }

  /** Waits until what is held is what was held: some of it is given back by other threads. */
  static <T> void awaitEqual(String what, T before, Supplier<T> now) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    T seen = now.get();
    while (!seen.equals(before) && System.nanoTime() - end < 0) {
      Thread.sleep(10);
      seen = now.get();
    }
    assertThat(seen).as(what).isEqualTo(before);
  }

  /** What is held when nothing is under way: the same twice, and no call into a namespace. */
  static <T> T settled(Supplier<T> now) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    T before;
    T seen = now.get();
    do {
      before = seen;
      Thread.sleep(50);
      seen = now.get();
    } while ((!seen.equals(before) || ourThreads().containsKey("namespace-call"))
        && System.nanoTime() - end < 0);
    return seen;
  }

  private static Map<String, Long> descriptorKinds() {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return counted(all.map(Leftovers::kind).filter(kind -> !kind.isEmpty()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A socket and the like without its number, a domain's memory without its domain. */
  private static String kind(Path link) {
    try {
      String target = Files.readSymbolicLink(link).toString();
      boolean file = target.startsWith("/") && !target.startsWith("/memfd");
      return target.endsWith("/fd") || file && !target.startsWith("/dev/net")
          ? ""
          : target.replaceAll("\\d+", "N");
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long mapped() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.filter(line -> line.contains("passerelle-dom")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Long> ourThreads() {
    return counted(
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> name.matches("(passerelle|xenstore|namespace).*"))
            .map(name -> name.replaceAll("\\d+", "N")));
  }

  private static Map<String, Long> counted(Stream<String> names) {
    return names.collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
  }

  /** Whether a program run there ends well. */
  static boolean succeeds(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
