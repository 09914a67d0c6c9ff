package org.passerelle.link.testing;

/**
 * How much of it a test does: a sample, or with {@code scripts/check --full} everything. On an
 * emulated processor, in the guests of {@code integration/xen}, it does less.
 */
public final class Extent {
  private static final boolean FULL = Boolean.getBoolean("passerelle.full");
  private static final boolean EMULATED = Boolean.getBoolean("passerelle.emulated");

  private Extent() {}

  public static boolean isFull() {
    return FULL;
  }

  /** From one case to the next, where each takes a second or more. */
  public static int stride(int sample, int emulated) {
    return usual(of(sample, 1), emulated);
  }

  /** So much, or what an emulated processor can do in the same time. */
  public static int usual(int usual, int emulated) {
    return EMULATED ? emulated : usual;
  }

  /** So many rounds. */
  public static int of(int sample, int full) {
    return FULL ? full : sample;
  }
}
