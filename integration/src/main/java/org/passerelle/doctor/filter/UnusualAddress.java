package org.passerelle.doctor.filter;

import java.util.List;
import java.util.stream.Stream;
import org.passerelle.link.wire.IpPrefix;

/**
 * Addresses that an ordinary connection never has: firewalls drop them before all else, and that
 * concerns nobody.
 */
final class UnusualAddress {
  /** IPv4's this-network, loopback, multicast and reserved; IPv6's compatible, 6to4, multicast. */
  private static final List<IpPrefix> NETWORKS =
      Stream.of("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3", "::/96", "2002::/16", "ff00::/8")
          .map(IpPrefix::parse)
          .toList();

  /** Java makes IPv4 addresses of them. */
  private static final String MAPPED = "::ffff:";

  private UnusualAddress() {}

  /** An address or a network; a range is taken for usual. */
  static boolean is(String value) {
    if (isMapped(value)) {
      return true;
    }
    if (value.contains("-")) {
      return false;
    }
    IpPrefix asked = IpPrefix.parse(value);
    return NETWORKS.stream()
        .anyMatch(
            network -> network.length() <= asked.length() && network.contains(asked.address()));
  }

  /** IPv4's within IPv6's: no packet has such a one. */
  static boolean isMapped(String value) {
    return value.startsWith(MAPPED) && value.contains(".");
  }
}
