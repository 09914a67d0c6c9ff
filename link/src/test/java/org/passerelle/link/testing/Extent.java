package org.passerelle.link.testing;

/** How much of it a test does: a sample, or with {@code scripts/check --full} everything. */
public final class Extent {
  private static final boolean FULL = Boolean.getBoolean("passerelle.full");

  private Extent() {}

  public static boolean isFull() {
    return FULL;
  }

  /** So many rounds. */
  public static int of(int sample, int full) {
    return FULL ? full : sample;
  }
}
