package org.passerelle.natroute.nft;

import java.util.Set;

/** IPv6's extension headers, by the names that nft and iptables have for them. */
public final class ExtensionHeaders {
  private static final Set<String> NAMES =
      Set.of("rt", "rt0", "rt2", "rt4", "srh", "frag", "hbh", "dst", "mh");

  private ExtensionHeaders() {}

  /** Whether it is one of them; of iptables, the match that looks into it. */
  public static boolean has(String name) {
    return NAMES.contains(name);
  }
}
