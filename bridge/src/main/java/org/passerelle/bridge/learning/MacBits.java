package org.passerelle.bridge.learning;

/** Questions about a MAC address that is the 48 low bits of a long: no object for each frame. */
final class MacBits {
  static final int LENGTH = 48;

  private static final long GROUP = 0x0100_0000_0000L;

  /** 01:80:C2:00:00:00 to 0F. */
  private static final long LINK_LOCAL = 0x0180_C200_0000L;

  private static final long LINK_LOCAL_NUMBER = 0x0FL;

  private MacBits() {}

  /** Broadcast and multicast. */
  static boolean isGroup(long address) {
    return (address & GROUP) != 0;
  }

  /** What a station may call itself (Linux's is_valid_ether_addr). */
  static boolean isStation(long address) {
    return !isGroup(address) && address != 0;
  }

  /**
   * The groups that end at the next bridge: spanning tree, pause, link aggregation, port
   * authentication, LLDP, and what else may come (IEEE 802.1D-2004, table 7-10).
   */
  static boolean isLinkLocal(long address) {
    return (address & ~LINK_LOCAL_NUMBER) == LINK_LOCAL;
  }
}
