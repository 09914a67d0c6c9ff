package org.passerelle.link.rtnl;

/** IFF_* of {@code linux/if.h}, as far as we use them. */
public final class LinkFlags {
  public static final int UP = 1;
  public static final int BROADCAST = 1 << 1;
  public static final int LOOPBACK = 1 << 3;
  public static final int RUNNING = 1 << 6;
  public static final int NOARP = 1 << 7;
  public static final int PROMISC = 1 << 8;
  public static final int MULTICAST = 1 << 12;
  public static final int LOWER_UP = 1 << 16;

  private LinkFlags() {}
}
