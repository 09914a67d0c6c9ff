package org.passerelle.link.os;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What was opened on the way to something larger, to be closed, the last first, when the rest of
 * the way fails.
 */
public final class Opened {
  private final Deque<AutoCloseable> all = new ArrayDeque<>();

  /** Notes it, and returns it. */
  public <T extends AutoCloseable> T add(T one) {
    all.push(one);
    return one;
  }

  /** Closes all; what that fails with goes along with the first failure. */
  public void closeAfter(RuntimeException failure) {
    while (!all.isEmpty()) {
      try {
        all.pop().close();
      } catch (Exception e) {
        failure.addSuppressed(e);
      }
    }
  }
}
