package org.passerelle.doctor.check;

import java.util.List;
import java.util.stream.Stream;
import org.passerelle.natroute.nft.FilterChain;
import org.passerelle.natroute.nft.Ruleset;

/**
 * Who manages a chain, and so by which lines packets are let through: now, and for good. Of what is
 * iptables' a rule of nft's makes a table that iptables reads no more (seen with 1.8.9).
 */
enum FirewallAdvice {
  FIREWALLD("firewalld's"),
  DOCKER("iptables', by Docker: DOCKER-USER is the chain that it leaves to the administrator"),
  UFW(
      "iptables', by ufw, whose own words hold for good; a rule that it has no words for belongs"
          + " into /etc/ufw/before.rules, for IPv6 before6.rules, before COMMIT (-A"
          + " ufw-before-forward …)"),
  SHOREWALL(
      "iptables', by Shorewall: for good, make vif+ an interface of a zone of its own, and give"
          + " that a policy"),
  IPTABLES("iptables': for good, save the rules (netfilter-persistent save)"),
  NFTABLES("nftables': for good, put the rule into the file that makes the chain");

  private static final String WIDE =
      ". Answers to guests look like anything else here, where no connections are known: the line"
          + " lets all of it pass; if that is too much, make the rule that drops them narrower, or"
          + " put it at the hook forward";

  private final String remedy;

  FirewallAdvice(String remedy) {
    this.remedy = remedy;
  }

  /** Who manages the chain. */
  static FirewallAdvice of(FilterChain chain, Ruleset ruleset) {
    if (chain.isOf("inet firewalld")) {
      return FIREWALLD;
    }
    if (!isOfIptables(chain)) {
      return NFTABLES;
    }
    if (chain.name().equals("FORWARD") && ruleset.beside(chain, "DOCKER-USER").isPresent()) {
      return DOCKER;
    }
    if (ruleset.beside(chain, "ufw-before-forward").isPresent()
        || ruleset.beside(chain, "ufw6-before-forward").isPresent()) {
      return UFW;
    }
    return ruleset.beside(chain, "shorewall").isPresent() ? SHOREWALL : IPTABLES;
  }

  private static boolean isOfIptables(FilterChain chain) {
    return chain.table().matches("(ip6?|bridge|arp) (filter|raw|mangle|security|nat)")
        && chain.name().matches("PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING");
  }

  String remedy(FilterChain chain, List<Sample> samples) {
    if (this == FIREWALLD) {
      return remedy + ": " + FirewalldWords.remedy(samples);
    }
    return samples.stream().anyMatch(new RuleWords(chain)::isWide) ? remedy + WIDE : remedy;
  }

  /** The lines that let these pass; each comes before what is in the chain already. */
  List<String> commands(FilterChain chain, List<Sample> samples) {
    return switch (this) {
      case FIREWALLD -> FirewalldWords.lines(samples);
      case NFTABLES -> nft(chain, samples).toList();
      case DOCKER -> iptables(chain, "DOCKER-USER", samples);
      case UFW -> ufw(chain, samples);
      case SHOREWALL, IPTABLES -> iptables(chain, chain.name(), samples);
    };
  }

  private static Stream<String> nft(FilterChain chain, List<Sample> samples) {
    RuleWords words = new RuleWords(chain);
    return samples.stream()
        .map(words::nft)
        .distinct()
        .map(rule -> "nft insert rule %s %s '%s'".formatted(chain.table(), chain.name(), rule));
  }

  private static List<String> ufw(FilterChain chain, List<Sample> samples) {
    return samples.stream()
        .flatMap(
            one ->
                one.ufw().isEmpty()
                    ? iptables(chain, chain.name(), List.of(one)).stream()
                    : Stream.of("ufw " + one.ufw()))
        .distinct()
        .toList();
  }

  private static List<String> iptables(FilterChain chain, String into, List<Sample> samples) {
    String command =
        switch (chain.family()) {
          case "ip6" -> "ip6tables";
          case "bridge" -> "ebtables";
          case "arp" -> "arptables";
          default -> "iptables";
        };
    String table = chain.table().substring(chain.family().length() + 1);
    String at = (table.equals("filter") ? "" : " -t " + table) + " -I " + into + " ";
    RuleWords words = new RuleWords(chain);
    return samples.stream().map(one -> command + at + words.iptables(one)).distinct().toList();
  }
}
