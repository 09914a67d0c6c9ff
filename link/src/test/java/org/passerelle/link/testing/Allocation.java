package org.passerelle.link.testing;

import java.lang.management.ManagementFactory;

/** What work in this thread takes of the heap. */
public final class Allocation {
  private static final int ROUNDS = 30;

  private Allocation() {}

  /**
   * The least octets that a round allocated, of as many rounds as it takes to come below a limit,
   * thirty at most. The first ones run uncompiled, and how many those are depends on what else the
   * machine does; an object for each frame is there in every round.
   */
  public static long least(long limit, Runnable round) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < ROUNDS && least >= limit; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      round.run();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
