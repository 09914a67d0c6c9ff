package org.passerelle.netback.protocol;

/** Sizes that both ends agree on: {@code io/netif.h}. */
public final class Limits {
  public static final int PAGE_SIZE = 4096;

  /**
   * A frame may take up this many slots and still must be accepted: {@code XEN_NETIF_NR_SLOTS_MIN}.
   */
  public static final int SLOTS_MIN = 18;

  /** An Ethernet header without a tag: what is shorter is no frame. */
  public static final int MIN_FRAME = 14;

  private Limits() {}

  /** The pages that a frame of {@code length} bytes takes up, at least 1. */
  public static int pages(int length) {
    return Math.max(1, (length + PAGE_SIZE - 1) / PAGE_SIZE);
  }
}
