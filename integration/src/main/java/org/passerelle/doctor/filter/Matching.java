package org.passerelle.doctor.filter;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.natroute.nft.Statement;

/** Whether a packet, as a chain sees it, is one of those that a match asks for. */
final class Matching {
  private static final Set<String> ADDRESSES =
      Set.of("ip saddr", "ip daddr", "ip6 saddr", "ip6 daddr");

  private static final String AND = Pattern.quote(Statement.AND);

  private final Packet packet;

  Matching(Packet packet) {
    this.packet = packet;
  }

  Certainty of(Statement.Match match) {
    List<String> fields = parts(match.field());
    if (fields.stream().anyMatch(packet::lacks)) {
      return Certainty.NO;
    }
    Certainty one = oneOf(fields, match.values());
    return match.negated() ? one.not() : one;
  }

  Certainty of(String field, String value) {
    return of(new Statement.Match(field, false, List.of(value)));
  }

  private static List<String> parts(String text) {
    return text.contains(Statement.AND) ? List.of(text.split(AND)) : List.of(text);
  }

  /** A list of whom somebody blocks may have a hundred thousand: most need not be looked at. */
  private Certainty oneOf(List<String> fields, List<String> values) {
    Certainty most = most(fields, values);
    Certainty best = Certainty.NO;
    for (String value : values) {
      Certainty one = all(fields, parts(value));
      best = one.compareTo(best) > 0 ? one : best;
      if (best.compareTo(most) >= 0) {
        break;
      }
    }
    return best;
  }

  /** What is not known of a packet is certain only where every value would do. */
  private Certainty most(List<String> fields, List<String> values) {
    return fields.stream().allMatch(field -> packet.field(field).isPresent())
            || values.stream().anyMatch(value -> value.contains("/0"))
        ? Certainty.YES
        : Certainty.SOME;
  }

  private Certainty all(List<String> fields, List<String> values) {
    Certainty all = Certainty.YES;
    for (int part = 0; part < fields.size() && all != Certainty.NO; part++) {
      all = all.and(one(fields.get(part), values.get(part)));
    }
    return all;
  }

  private Certainty one(String field, String value) {
    return packet
        .field(field)
        .map(known -> is(field, known, value))
        .orElseGet(() -> mayBe(field, value));
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

  private static Certainty is(String field, String known, String value) {
    if (known.equals(value) || known.equals("icmpv6") && value.equals("ipv6-icmp")) {
      return Certainty.YES;
    }
    if (value.endsWith("*")) {
      return Certainty.of(known.startsWith(value.substring(0, value.length() - 1)));
    }
    // IPv6's have several spellings.
    if (value.contains("/") || ADDRESSES.contains(field) && !value.contains("-")) {
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
