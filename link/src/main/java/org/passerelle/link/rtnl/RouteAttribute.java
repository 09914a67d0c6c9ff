package org.passerelle.link.rtnl;

/**
 * The layout of route messages: {@code struct rtmsg}, then RTA_* attributes (linux/rtnetlink.h).
 *
 * <pre>
 *   0         1         2         3      4        5           6        7       8        12
 *   | family  | dst     | src     | tos  | table  | protocol  | scope  | type  | flags  | attributes
 *               length    length
 * </pre>
 *
 * A table above 255 is in RTA_TABLE, and the field is 0. RTA_MULTIPATH is a row of {@code struct
 * rtnexthop}, each with attributes of its own:
 *
 * <pre>
 *   0         2        3             4        8
 *   | length  | flags  | weight - 1  | index  | RTA_GATEWAY or RTA_VIA
 * </pre>
 */
final class RouteAttribute {
  static final int DST_LENGTH = 1;
  static final int SRC_LENGTH = DST_LENGTH + 1;
  static final int TOS = SRC_LENGTH + 1;
  static final int TABLE_FIELD = TOS + 1;
  static final int PROTOCOL = TABLE_FIELD + 1;
  static final int SCOPE = PROTOCOL + 1;
  static final int TYPE = SCOPE + 1;
  static final int FLAGS = TYPE + 1;
  static final int STRUCT = FLAGS + 4;

  static final int HOP_FLAGS = 2;
  static final int HOP_WEIGHT = HOP_FLAGS + 1;
  static final int HOP_INDEX = HOP_WEIGHT + 1;
  static final int HOP_STRUCT = HOP_INDEX + 4;

  static final int DST = 1;
  static final int OIF = 4;
  static final int GATEWAY = 5;
  static final int PRIORITY = 6;
  static final int PREFSRC = 7;
  static final int MULTIPATH = 9;
  static final int CACHEINFO = 12;
  static final int TABLE = 15;
  static final int VIA = 18;
  static final int EXPIRES = 23;
  static final int NH_ID = 30;

  /**
   * Not the kernel's: what the header says beyond {@link Route}'s fields (source prefix length,
   * type of service), carried among {@link Route#rest()} so that a route that moves keeps it.
   */
  static final int HEADER_REST = 0x3FFF;

  /** Where struct rta_cacheinfo has the life time, in hundredths of a second (USER_HZ). */
  static final int CACHEINFO_EXPIRES = 8;

  /** RTM_F_CLONED: a cache entry, not a route. */
  static final int CLONED = 0x200;

  /** RTM_F_FIB_MATCH: asked for one, the kernel tells the route, not what it made of it. */
  static final int FIB_MATCH = 0x2000;

  /** RTNH_F_PERVASIVE and RTNH_F_ONLINK; the other bits are the kernel's report. */
  static final int SETTABLE_FLAGS = 0x06;

  static final int TABLE_LOCAL = 255;

  /** RTN_BLACKHOLE, RTN_UNREACHABLE, RTN_PROHIBIT, RTN_THROW: routes without a way out. */
  static final int TYPE_BLACKHOLE = 6;

  static final int TYPE_THROW = 9;

  private RouteAttribute() {}

  /** True for a route that goes nowhere; IPv6 reports lo as its device. */
  static boolean isDeadEnd(int type) {
    return type >= TYPE_BLACKHOLE && type <= TYPE_THROW;
  }
}
