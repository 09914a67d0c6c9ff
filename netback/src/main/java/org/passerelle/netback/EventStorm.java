package org.passerelle.netback;

import java.util.function.LongSupplier;

/**
 * Notices a peer that sends events for nothing and says for how long not to listen to it (XSA-332,
 * XSA-391). A few are in the nature of the protocol; many in a row are not.
 */
final class EventStorm {
  private static final int TOLERATED = 64;
  private static final long SHORTEST = 1_000_000;
  private static final int MOST_DOUBLINGS = 10;

  private final LongSupplier clock;
  private int streak;
  private boolean event;
  private boolean quiet;
  private long quietUntil;

  EventStorm(LongSupplier clock) {
    this.clock = clock;
  }

  /** An event came. */
  void event() {
    event = true;
  }

  /**
   * What was done since; true: stop listening until {@link #quietUntil}.
   *
   * @param work 0 when there was nothing to do
   */
  boolean judge(int work) {
    boolean spurious = event && work == 0;
    event = false;
    if (work > 0) {
      streak = 0;
    }
    if (!spurious || ++streak <= TOLERATED || quiet) {
      return false;
    }
    quiet = true;
    int doublings = Math.min(MOST_DOUBLINGS, streak - TOLERATED - 1);
    quietUntil = clock.getAsLong() + (SHORTEST << doublings);
    return true;
  }

  /** True once, when the quiet time is over: listen again. */
  boolean over() {
    if (!quiet || clock.getAsLong() - quietUntil < 0) {
      return false;
    }
    quiet = false;
    return true;
  }

  long quietUntil() {
    return quiet ? quietUntil : Half.NEVER;
  }
}
