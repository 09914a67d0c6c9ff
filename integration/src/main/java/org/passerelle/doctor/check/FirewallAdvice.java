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
  FIREWALLD(
      "firewalld's: have it trust vifs for good, by which guests reach all of dom0 itself, too,"
          + " but for what services= of network-nat or network-route keeps from them; the line for"
          + " now holds until its next reload, and is refused where it owns its table"),
  DOCKER("iptables', by Docker: DOCKER-USER is the chain that it leaves to the administrator"),
  UFW(
      "iptables', by ufw: for good, the rule (-A ufw-before-forward …) belongs into"
          + " /etc/ufw/before.rules, before COMMIT"),
  SHOREWALL(
      "iptables', by Shorewall: for good, make vif+ an interface of a zone of its own, and give"
          + " that a policy"),
  IPTABLES("iptables': for good, save the rules (netfilter-persistent save)"),
  NFTABLES("nftables': for good, put the rule into the file that makes the chain");

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
    return chain.table().matches("(ip|ip6|bridge) filter")
        && chain.name().matches("INPUT|FORWARD|OUTPUT");
  }

  String remedy() {
    return remedy;
  }

  /** The lines that let these pass; each comes before what is in the chain already. */
  List<String> commands(FilterChain chain, List<Sample> samples) {
    return switch (this) {
      case FIREWALLD ->
          Stream.concat(
                  Stream.of(
                      "firewall-cmd --permanent --zone=trusted --add-interface=vif+",
                      "firewall-cmd --reload"),
                  nft(chain, samples))
              .toList();
      case NFTABLES -> nft(chain, samples).toList();
      case DOCKER -> iptables(chain, "DOCKER-USER", samples);
      case UFW, SHOREWALL, IPTABLES -> iptables(chain, chain.name(), samples);
    };
  }

  private static Stream<String> nft(FilterChain chain, List<Sample> samples) {
    return samples.stream()
        .map(one -> "nft insert rule %s %s '%s'".formatted(chain.table(), chain.name(), one.nft()))
        .distinct();
  }

  private static List<String> iptables(FilterChain chain, String into, List<Sample> samples) {
    String command =
        switch (chain.family()) {
          case "ip6" -> "ip6tables";
          case "bridge" -> "ebtables";
          default -> "iptables";
        };
    return samples.stream()
        .map(one -> command + " -I " + into + " " + one.iptables())
        .distinct()
        .toList();
  }
}
