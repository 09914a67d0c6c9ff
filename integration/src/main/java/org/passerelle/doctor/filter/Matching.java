package org.passerelle.doctor.filter;

import java.util.List;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.natroute.nft.Statement;

/** Whether a packet is one of those that a match asks for. */
final class Matching {
  private final Packet packet;

  Matching(Packet packet) {
    this.packet = packet;
  }

  Certainty of(Statement.Match match) {
    if (packet.lacks(match.field())) {
      return Certainty.NO;
    }
    Certainty one = oneOf(match.field(), match.values());
    return !match.negated() || one == Certainty.MAYBE ? one : Certainty.of(one == Certainty.NO);
  }

  Certainty of(String field, String value) {
    return packet.lacks(field) ? Certainty.NO : oneOf(field, List.of(value));
  }

  private Certainty oneOf(String field, List<String> values) {
    return packet
        .field(field)
        .map(known -> oneIs(known, values))
        .orElseGet(() -> isNever(field, values) ? Certainty.NO : Certainty.MAYBE);
  }

  private boolean isNever(String field, List<String> values) {
    return packet.isForwarded()
        && field.matches("ip6? [sd]addr")
        && values.stream().allMatch(UnusualAddress::is);
  }

  private static Certainty oneIs(String known, List<String> values) {
    return values.stream()
        .map(value -> is(known, value))
        .max(Certainty::compareTo)
        .orElse(Certainty.NO);
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
    return value.matches("[0-9.]+-[0-9.]+") ? Certainty.MAYBE : Certainty.NO;
  }

  private static boolean isWithin(String address, String network) {
    IpPrefix inner = IpPrefix.parse(address);
    IpPrefix outer = IpPrefix.parse(network);
    return inner.isV6() == outer.isV6() && outer.contains(inner.address());
  }
}
