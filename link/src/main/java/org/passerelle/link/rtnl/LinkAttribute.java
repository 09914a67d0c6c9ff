package org.passerelle.link.rtnl;

/**
 * The layout of link messages: {@code struct ifinfomsg}, then IFLA_* attributes (linux/if_link.h,
 * linux/rtnetlink.h).
 *
 * <pre>
 *   0         1      2       4        8        12        16
 *   | family  | pad  | type  | index  | flags  | change  | attributes
 * </pre>
 */
final class LinkAttribute {
  static final int INDEX = 4;
  static final int FLAGS = INDEX + 4;
  static final int CHANGE = FLAGS + 4;
  static final int STRUCT = CHANGE + 4;

  static final int ADDRESS = 1;
  static final int IFNAME = 3;
  static final int MTU = 4;
  static final int LINK = 5;
  static final int MASTER = 10;
  static final int OPERSTATE = 16;
  static final int LINKINFO = 18;
  static final int IFALIAS = 20;
  static final int AF_SPEC = 26;
  static final int GROUP = 27;
  static final int NET_NS_FD = 28;
  static final int EXT_MASK = 29;
  static final int PROMISCUITY = 30;
  static final int LINK_NETNSID = 37;
  static final int GSO_MAX_SIZE = 41;
  static final int PROP_LIST = 52;
  static final int ALT_IFNAME = 53;

  /** Inside LINKINFO. */
  static final int INFO_KIND = 1;

  static final int INFO_DATA = 2;

  /** Inside AF_SPEC's entry for AF_INET6, whose values Link names. */
  static final int INET6_ADDR_GEN_MODE = 8;

  /** A bit of EXT_MASK: leave the counters out. */
  static final int EXT_SKIP_STATISTICS = 8;

  private LinkAttribute() {}
}
