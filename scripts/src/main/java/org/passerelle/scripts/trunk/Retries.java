package org.passerelle.scripts.trunk;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** When to try again what was refused: after pauses that grow to some seconds. */
final class Retries {
  private static final long FIRST_MS = 1_000;
  private static final long LONGEST_MS = 8_000;

  private final LongSupplier nanoClock;

  /** That before the next try; 0 while nothing is refused. */
  private long pauseMs;

  private long dueNanos;

  Retries(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /**
   * To be asked again and again.
   *
   * @param refused whether anything is, as of now
   */
  boolean isTime(boolean refused) {
    if (!refused) {
      pauseMs = 0;
    } else if (pauseMs == 0) {
      pause(FIRST_MS);
    } else if (nanoClock.getAsLong() - dueNanos >= 0) {
      pause(Math.min(2 * pauseMs, LONGEST_MS));
      return true;
    }
    return false;
  }

  private void pause(long millis) {
    pauseMs = millis;
    dueNanos = nanoClock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** How long to wait for other things meanwhile; -1 is without end. */
  int timeoutMillis() {
    if (pauseMs == 0) {
      return -1;
    }
    long left = TimeUnit.NANOSECONDS.toMillis(dueNanos - nanoClock.getAsLong());
    // Rounded up, or the last millisecond would be spent in looking at the clock.
    return (int) Math.max(0, left + 1);
  }
}
