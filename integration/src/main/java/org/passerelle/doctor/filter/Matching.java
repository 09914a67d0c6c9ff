package org.passerelle.doctor.filter;

import java.util.List;
import java.util.Set;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.natroute.nft.Statement;

/** Whether a packet, as a chain sees it, is one of those that a match asks for. */
final class Matching {
  private static final Set<String> ADDRESSES =
      Set.of("ip saddr", "ip daddr", "ip6 saddr", "ip6 daddr");

  private final Packet packet;

  Matching(Packet packet) {
    this.packet = packet;
  }

  Certainty of(Statement.Match match) {
    if (packet.lacks(match.field())) {
      return Certainty.NO;
    }
    Certainty one = oneOf(match.field(), match.values());
    return match.negated() ? one.not() : one;
  }

  Certainty of(String field, String value) {
    return packet.lacks(field) ? Certainty.NO : oneOf(field, List.of(value));
  }

  private Certainty oneOf(String field, List<String> values) {
    return values.stream()
        .map(
            value ->
                packet
                    .field(field)
                    .map(known -> is(known, value))
                    .orElseGet(() -> mayBe(field, value)))
        .max(Certainty::compareTo)
        .orElse(Certainty.NO);
  }

  /** Of a field of which nothing is known, but for addresses that it has not. */
  private Certainty mayBe(String field, String value) {
    if (!ADDRESSES.contains(field)) {
      return Certainty.SOME;
    }
    if (value.endsWith("/0")) {
      return Certainty.YES;
    }
    return UnusualAddress.is(value) || packet.isNever(field, value) ? Certainty.NO : Certainty.SOME;
  }

  private static Certainty is(String known, String value) {
    if (known.equals(value) || known.equals("icmpv6") && value.equals("ipv6-icmp")) {
      return Certainty.YES;
    }
    if (value.endsWith("*")) {
      return Certainty.of(known.startsWith(value.substring(0, value.length() - 1)));
    }
    if (value.contains("/")) {
      return Certainty.of(isWithin(known, value));
    }
    return Certainty.of(Range.parse(value).filter(range -> range.has(known)).isPresent());
  }

  /** Whether a network has an address, or all of a smaller network. */
  static boolean isWithin(String address, String network) {
    if (UnusualAddress.isMapped(address) || UnusualAddress.isMapped(network)) {
      return false;
    }
    IpPrefix inner = IpPrefix.parse(address);
    IpPrefix outer = IpPrefix.parse(network);
    return inner.isV6() == outer.isV6()
        && outer.length() <= inner.length()
        && outer.contains(inner.address());
  }
}
