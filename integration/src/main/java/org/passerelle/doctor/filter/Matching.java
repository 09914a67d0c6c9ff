package org.passerelle.doctor.filter;

import java.util.List;
import java.util.Set;
import org.passerelle.natroute.nft.CtStatus;
import org.passerelle.natroute.nft.Statement;
import org.passerelle.natroute.nft.Values;

/** Whether a packet, as a chain sees it, is one of those that a match asks for. */
final class Matching {
  private static final Set<String> ADDRESSES =
      Set.of("ip saddr", "ip daddr", "ip6 saddr", "ip6 daddr");

  private final Packet packet;

  Matching(Packet packet) {
    this.packet = packet;
  }

  Certainty of(Statement.Match match) {
    List<String> fields = Values.parts(match.field());
    if (fields.stream().anyMatch(packet::lacks)) {
      return Certainty.NO;
    }
    Certainty one = oneOf(fields, match.values());
    return match.negated() ? one.not() : one;
  }

  Certainty of(String field, Values values) {
    return of(new Statement.Match(field, false, values));
  }

  /** The cases that may be for the packet. */
  List<Statement.Case> cases(Statement.Choice choice) {
    return packet.field(choice.field()).map(choice.cases()::of).orElseGet(choice.cases()::all);
  }

  private Certainty oneOf(List<String> fields, Values values) {
    return fields.size() == 1 ? one(fields.getFirst(), values) : together(fields, values);
  }

  /** There may be a hundred thousand: most need not be looked at. */
  private Certainty together(List<String> fields, Values values) {
    Certainty most = most(fields, values);
    Certainty best = Certainty.NO;
    for (List<Values> row : values.rows()) {
      Certainty one = all(fields, row);
      best = one.compareTo(best) > 0 ? one : best;
      if (best.compareTo(most) >= 0) {
        break;
      }
    }
    return best;
  }

  /** What is not known of a packet is certain only where every value would do. */
  private Certainty most(List<String> fields, Values values) {
    return values.hasWholeFamily()
            || fields.stream().allMatch(field -> packet.field(field).isPresent())
        ? Certainty.YES
        : Certainty.SOME;
  }

  private Certainty all(List<String> fields, List<Values> values) {
    Certainty all = Certainty.YES;
    for (int part = 0; part < fields.size() && all != Certainty.NO; part++) {
      all = all.and(one(fields.get(part), values.get(part)));
    }
    return all;
  }

  private Certainty one(String field, Values values) {
    if (values.isAny()) {
      return Certainty.YES;
    }
    return switch (field) {
      case CtStatus.FIELD -> status(values);
      case CtStatus.PERHAPS -> status(values).or(Certainty.SOME);
      default ->
          packet
              .field(field)
              .map(known -> Certainty.of(values.has(known)))
              .orElseGet(() -> mayBe(field, values));
    };
  }

  /** How long a connection is there is not known: at some time it is assured. */
  private Certainty status(Values asked) {
    List<String> flags = packet.status();
    if (flags.stream().anyMatch(asked::has)) {
      return Certainty.YES;
    }
    return flags.contains("confirmed") && asked.has("assured") ? Certainty.SOME : Certainty.NO;
  }

  /** Of a field of which nothing is known, but for addresses that it has not. */
  private Certainty mayBe(String field, Values values) {
    if (!ADDRESSES.contains(field)) {
      return values.isEmpty() ? Certainty.NO : Certainty.SOME;
    }
    if (values.has(field.startsWith("ip6") ? "::/0" : "0.0.0.0/0")) {
      return Certainty.YES;
    }
    return values.isWithin(packet.never(field)) ? Certainty.NO : Certainty.SOME;
  }
}
