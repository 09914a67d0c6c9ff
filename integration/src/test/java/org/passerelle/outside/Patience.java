package org.passerelle.outside;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what comes by itself. */
final class Patience {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private Patience() {}

  /** Waits for a process's end, and returns its exit code. */
  static int end(Process process) {
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError(process.info() + " did not end within " + LIMIT);
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first value that will do, or after a long time the last one. */
  static <T> T until(Predicate<T> enough, Supplier<T> value) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      T now = value.get();
      if (enough.test(now) || System.nanoTime() - end > 0) {
        return now;
      }
      pause();
    }
  }
}
