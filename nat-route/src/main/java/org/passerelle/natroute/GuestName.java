package org.passerelle.natroute;

import org.passerelle.link.rtnl.DhcpHost;

/** What a guest is called by DHCP: as its domain, as far as a host can be called so. */
public final class GuestName {
  private static final int LONGEST = 63;

  private GuestName() {}

  /**
   * The domain's name with {@code -} for what is no letter, digit or {@code -}; {@code dom7} where
   * nothing is left of it, or what is left means something else to a server. Other vifs than the
   * first have their number behind it, from 2.
   *
   * @param handle the number of the vif in its domain, from 0
   */
  public static String of(String domainName, int domain, int handle) {
    String suffix = handle == 0 ? "" : "-" + (handle + 1);
    String plain = trim(domainName.replaceAll("[^A-Za-z0-9]", "-"));
    String fitting = trim(plain.substring(0, Math.min(plain.length(), LONGEST - suffix.length())));
    return (DhcpHost.isName(fitting) ? fitting : "dom" + domain) + suffix;
  }

  private static String trim(String text) {
    return text.replaceAll("^-+|-+$", "");
  }
}
