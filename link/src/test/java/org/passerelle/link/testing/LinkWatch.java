package org.passerelle.link.testing;

import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.locks.LockSupport;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.Link;

/**
 * The kernel's link watch: before Linux 6.8 the state that links show, and whether they send,
 * follows what they are a second later at most.
 */
public final class LinkWatch {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private LinkWatch() {}

  /** Returns when it came round, or after a while: whoever compares sees what did not come. */
  public static void await(Kernel kernel) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end && kernel.links().stream().anyMatch(LinkWatch::isUnsettled)) {
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
  }

  /** lo, which has no kind, is in an unknown state for good. */
  private static boolean isUnsettled(Link link) {
    return link.isUp()
        && !link.kind().isEmpty()
        && EnumSet.of(Link.OperState.DOWN, Link.OperState.UNKNOWN).contains(link.operState());
  }
}
