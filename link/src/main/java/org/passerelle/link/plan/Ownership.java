package org.passerelle.link.plan;

import org.passerelle.link.rtnl.Link;

/**
 * The marks on links that we made. The group number is there from birth; the alias, which says for
 * whom, follows, since the kernel ignores IFLA_IFALIAS on creation (seen on Linux 6.18).
 */
public final class Ownership {
  /** The link group of ours: the letters PW. */
  public static final int GROUP = 0x5057;

  private static final String PREFIX = "passerelle:";

  private Ownership() {}

  /** The alias of a link made for {@code owner}. */
  public static String alias(String owner) {
    return PREFIX + owner;
  }

  /** True when we made the link, whether or not its alias was reached. */
  public static boolean isOurs(Link link) {
    return link.group() == GROUP;
  }

  /** True when we made the link for {@code owner}. */
  public static boolean isOf(Link link, String owner) {
    return isOurs(link) && link.alias().equals(alias(owner));
  }
}
