package org.passerelle.outside;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * strace(1) on one thread of another process: its log and its counting are that thread's alone, and
 * at one of the calls it can inject an error, or, before it is carried out, a signal.
 */
final class Strace {
  private final Process process;

  private Strace(Process process) {
    this.process = process;
  }

  /** On return it has the thread, which makes no further call unseen. */
  static Strace attach(Dom0 dom0, long thread, Path log, Optional<String> injection) {
    List<String> command = new ArrayList<>(List.of("strace", "-yy", "-s", "64"));
    command.addAll(List.of("-p", Long.toString(thread), "-o", log.toString()));
    injection.ifPresent(what -> command.addAll(List.of("-e", "inject=" + what)));
    Process process = dom0.start(new ProcessBuilder(command).redirectErrorStream(true));
    awaitAttached(process.inputReader());
    return new Strace(process);
  }

  private static void awaitAttached(BufferedReader words) {
    try {
      String line = words.readLine();
      if (line == null || !line.contains("attached")) {
        throw new IllegalStateException("strace: " + line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** It ends with its thread. Returns when that was, as {@link System#nanoTime}. */
  long await() {
    Patience.end(process);
    return System.nanoTime();
  }
}
