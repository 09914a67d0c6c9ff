package org.passerelle.doctor.filter;

import java.util.List;
import org.passerelle.natroute.nft.Spans;

/**
 * Addresses that an ordinary connection never has: firewalls drop them before all else, and that
 * concerns nobody.
 */
final class UnusualAddress {
  /**
   * IPv4's this-network, loopback, multicast and reserved; IPv6's compatible, mapped, 6to4,
   * multicast.
   */
  static final Spans ALL =
      Spans.of(
          List.of(
              "0.0.0.0/8",
              "127.0.0.0/8",
              "224.0.0.0/3",
              "::/96",
              "::ffff:0.0.0.0/96",
              "2002::/16",
              "ff00::/8"));

  private UnusualAddress() {}
}
