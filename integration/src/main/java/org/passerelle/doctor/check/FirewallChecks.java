package org.passerelle.doctor.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.passerelle.doctor.Finding;
import org.passerelle.doctor.facts.Facts;
import org.passerelle.doctor.filter.Outcome;
import org.passerelle.doctor.filter.Walk;
import org.passerelle.natroute.nft.FilterChain;
import org.passerelle.natroute.nft.Ruleset;

/** Whether somebody's rules drop what must pass for guests: who, by which rule, and what to add. */
final class FirewallChecks {
  private static final Reporter FIREWALL = new Reporter(Finding.Section.FIREWALL);

  private FirewallChecks() {}

  static Stream<Finding> of(Facts facts) {
    return Stream.concat(
        facts
            .filter()
            .ruleset()
            .map(ruleset -> rules(facts, ruleset))
            .orElseGet(() -> Stream.of(unread(facts.filter().unread()))),
        legacy(facts));
  }

  private static Finding unread(String why) {
    return FIREWALL.unseen(
        "rules-unread",
        "nftables",
        "the rules were not read, nor what they drop: " + why,
        "run this as root, with libnftables1 installed");
  }

  /** Those of one chain, and of one certainty, belong together. */
  private record Culprit(FilterChain chain, boolean certain) {}

  /** A packet, and what may become of it in a chain. */
  private record Drop(Sample sample, Outcome outcome) {}

  private static Stream<Finding> rules(Facts facts, Ruleset ruleset) {
    List<Sample> samples = Samples.of(facts);
    Map<Culprit, List<Drop>> drops = new LinkedHashMap<>();
    for (Sample sample : samples) {
      new Walk(ruleset, sample.packet())
          .at(sample.hook())
          .forEach(
              (chain, outcome) -> {
                if (outcome.mayBeDropped()) {
                  drops
                      .computeIfAbsent(
                          new Culprit(chain, outcome.isDropped()), _ -> new ArrayList<>())
                      .add(new Drop(sample, outcome));
                }
              });
    }
    boolean inUse = Samples.isInUse(facts);
    return drops.isEmpty()
        ? Stream.of(passes(samples))
        : drops.entrySet().stream()
            .map(entry -> dropped(ruleset, entry.getKey(), entry.getValue(), inUse));
  }

  private static Finding passes(List<Sample> samples) {
    String ways = distinct(samples, Sample::way);
    return FIREWALL.ok(
        "rules-pass",
        "nftables",
        ways.isEmpty() ? "no guest, and no way out for one" : "nothing drops " + ways);
  }

  private static Finding dropped(
      Ruleset ruleset, Culprit culprit, List<Drop> drops, boolean inUse) {
    FilterChain chain = culprit.chain();
    List<Sample> samples = drops.stream().map(Drop::sample).toList();
    String blames =
        drops.stream()
            .flatMap(drop -> drop.outcome().blames().stream())
            .map(blame -> blame.words())
            .distinct()
            .collect(Collectors.joining("; "));
    FirewallAdvice advice = FirewallAdvice.of(chain, ruleset);
    return FIREWALL
        .trouble(
            culprit.certain() && inUse,
            (culprit.certain() ? "" : "perhaps-") + "dropped-" + chain.hook().orElseThrow().name(),
            chain.table() + " " + chain.name(),
            (culprit.certain() ? "drops " : "may drop, as far as can be told, ")
                + distinct(samples, one -> one.purpose().what())
                + " ("
                + distinct(samples, Sample::way)
                + "), by "
                + blames,
            distinct(samples, one -> one.purpose().effect()),
            "it is " + advice.remedy(samples))
        .with(advice.commands(chain, samples));
  }

  private static String distinct(List<Sample> samples, Function<Sample, String> words) {
    return samples.stream().map(words).distinct().collect(Collectors.joining(", "));
  }

  private static Stream<Finding> legacy(Facts facts) {
    if (facts.filter().legacy().isEmpty()) {
      return Stream.of(
          FIREWALL.unseen(
              "legacy-unread",
              "/proc/net/ip_tables_names",
              "whether the older iptables is in use was not seen",
              "run this as root"));
    }
    List<String> tables = facts.filter().legacy().get();
    return tables.isEmpty()
        ? Stream.empty()
        : Stream.of(
            FIREWALL
                .warn(
                    "legacy-iptables",
                    "iptables-legacy",
                    "has tables in use, which are not seen here: " + String.join(", ", tables),
                    "whatever they drop is dropped, beside what nftables lets pass",
                    "look whether FORWARD drops what guests send, and let it pass if so")
                .with(
                    Stream.concat(Stream.of("iptables-legacy -S FORWARD"), legacyWays(facts))
                        .toList()));
  }

  private static Stream<String> legacyWays(Facts facts) {
    List<String> known = facts.waysOut();
    return (known.isEmpty() ? List.of("NIC") : known)
        .stream()
            .flatMap(
                out ->
                    Stream.of(Purpose.OUT, Purpose.BACK)
                        .map(purpose -> purpose.iptables("vif*", out)))
            .map(rule -> "iptables-legacy -I FORWARD " + rule);
  }
}
