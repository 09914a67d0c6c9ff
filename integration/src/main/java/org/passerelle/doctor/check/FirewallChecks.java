package org.passerelle.doctor.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.passerelle.doctor.Finding;
import org.passerelle.doctor.facts.Facts;
import org.passerelle.doctor.filter.Blame;
import org.passerelle.doctor.filter.Outcome;
import org.passerelle.doctor.filter.Walk;
import org.passerelle.link.plan.VifNames;
import org.passerelle.natroute.nft.FilterChain;
import org.passerelle.natroute.nft.Ruleset;

/** Whether somebody's rules drop what must pass for guests: who, by which rule, and what to add. */
final class FirewallChecks {
  private static final Reporter FIREWALL = new Reporter(Finding.Section.FIREWALL);

  /** Guests' devices, and rules, that a line names. */
  private static final int NAMED = 2;

  private static final int RULES_NAMED = 3;

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

  /** What becomes of packets that should all pass. */
  private static final class Fates {
    private final Map<Culprit, List<Sample>> dropped = new LinkedHashMap<>();
    private final Map<Culprit, Set<Blame>> blames = new HashMap<>();
    private final Set<Blame> unjudged = new LinkedHashSet<>();
    private final Set<Blame> led = new LinkedHashSet<>();

    void add(Sample sample, FilterChain chain, Outcome outcome) {
      if (!outcome.isDropped()) {
        unjudged.addAll(outcome.some());
      }
      led.addAll(outcome.led());
      if (outcome.mayBeDropped()) {
        Culprit culprit = new Culprit(chain, outcome.isDropped());
        dropped.computeIfAbsent(culprit, _ -> new ArrayList<>()).add(sample);
        blames.computeIfAbsent(culprit, _ -> new LinkedHashSet<>()).addAll(outcome.blames());
      }
    }
  }

  private static Stream<Finding> rules(Facts facts, Ruleset all) {
    Ruleset others = all.without(GuardChecks::isOurs);
    List<Sample> samples = Samples.of(facts);
    Fates fates = new Fates();
    for (Sample sample : samples) {
      Walk.of(sample.packet(), others)
          .forEach((chain, outcome) -> fates.add(sample, chain, outcome));
    }
    boolean inUse = Samples.isInUse(facts);
    Stream<Finding> findings =
        fates.dropped.isEmpty()
            ? Stream.of(passes(samples))
            : fates.dropped.keySet().stream().map(one -> dropped(others, one, fates, inUse));
    return Stream.of(
            findings,
            quiet(
                "rules-unjudged",
                "some packets may be dropped, by what is not known of them here: ",
                fates.unjudged),
            quiet(
                "rules-lead",
                "packets are sent to another destination, all of them or some, and what becomes of"
                    + " those was not looked at: ",
                fates.led))
        .flatMap(Function.identity());
  }

  private static Finding passes(List<Sample> samples) {
    return FIREWALL.ok(
        "rules-pass",
        "nftables",
        samples.isEmpty() ? "no guest, and no way out for one" : "nothing drops " + ways(samples));
  }

  /** No problem, but not known to be none. */
  private static Stream<Finding> quiet(String name, String what, Set<Blame> blames) {
    return blames.isEmpty()
        ? Stream.empty()
        : Stream.of(FIREWALL.unseen(name, "nftables", what + words(blames, Blame::whole), ""));
  }

  private static Finding dropped(Ruleset ruleset, Culprit culprit, Fates fates, boolean inUse) {
    FilterChain chain = culprit.chain();
    List<Sample> samples = fates.dropped.get(culprit);
    FirewallAdvice advice = FirewallAdvice.of(chain, ruleset);
    return FIREWALL
        .trouble(
            culprit.certain() && inUse,
            (culprit.certain() ? "" : "perhaps-") + "dropped-" + chain.hook().orElseThrow().name(),
            chain.table() + " " + chain.name(),
            (culprit.certain() ? "drops " : "may drop, as far as can be told, ")
                + distinct(samples, one -> one.purpose().what())
                + " ("
                + ways(samples)
                + "), by "
                + words(fates.blames.get(culprit), Blame::words),
            distinct(samples, one -> one.purpose().effect()),
            "it is " + advice.remedy(chain, samples))
        .with(advice.commands(chain, samples));
  }

  private static String words(Set<Blame> blames, Function<Blame, String> words) {
    return VifNames.first(blames.stream().map(words).distinct().toList(), RULES_NAMED);
  }

  private static String distinct(List<Sample> samples, Function<Sample, String> words) {
    return samples.stream().map(words).distinct().collect(Collectors.joining(", "));
  }

  /** From where to where, with the guests' devices of each way together. */
  private static String ways(List<Sample> samples) {
    return samples.stream()
        .collect(
            Collectors.groupingBy(
                Sample::way,
                LinkedHashMap::new,
                Collectors.mapping(Sample::called, Collectors.toCollection(LinkedHashSet::new))))
        .entrySet()
        .stream()
        .map(way -> way.getKey().formatted(VifNames.first(List.copyOf(way.getValue()), NAMED)))
        .collect(Collectors.joining("; "));
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
                    Stream.of(
                        "-i vif+ -o " + out, "-i " + out + " -o vif+ " + Purpose.BACK.iptables()))
            .map(words -> "iptables-legacy -I FORWARD " + words + " -j ACCEPT");
  }
}
