package org.passerelle.doctor.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.doctor.Finding;
import org.passerelle.doctor.Finding.Level;
import org.passerelle.natroute.nft.FilterChain;
import org.passerelle.natroute.nft.FilterRule;
import org.passerelle.natroute.nft.Statement;

/** What is said of chains that drop guests' packets, and which lines let them pass. */
class FirewallChecksTest {
  private static FilterChain base(String table, String name, String hook, FilterRule... rules) {
    return new FilterChain(
        table,
        name,
        Optional.of(new FilterChain.Hook(hook, "filter", 0, List.of(), true)),
        Arrays.asList(rules));
  }

  private static FilterRule accepts(String field, String value) {
    return new FilterRule(
        field + " " + value + " accept",
        List.of(
            new Statement.Match(field, false, List.of(value)),
            new Statement.Verdict(Statement.Kind.ACCEPT, "")));
  }

  /** A host whose vif is NATed. */
  private static Hosts natted() {
    return new Hosts().vif("vif7.0", "").natted("eth0");
  }

  private static Finding only(Hosts host) {
    assertThat(host.complaints()).hasSize(1);
    return host.complaints().getFirst();
  }

  @Test
  void whoDropsWhatIsSaid() {
    Hosts host = natted();
    host.chains.add(base("inet own", "fwd", "forward", accepts("ct state", "established")));
    Finding finding = only(host);
    assertThat(finding.level()).isEqualTo(Level.BAD);
    assertThat(finding.name()).isEqualTo("dropped-forward");
    assertThat(finding.subject()).isEqualTo("inet own fwd");
    assertThat(finding.what())
        .isEqualTo("drops what guests send out (vif7.0 to eth0), by the policy of chain fwd, drop");
    assertThat(finding.commands())
        .containsExactly("nft insert rule inet own fwd 'iifname \"vif*\" oifname \"eth0\" accept'");
  }

  /** Nobody is sent to look for a vif that is not there. */
  @Test
  void whereThereIsNoVifNoneIsNamed() {
    Hosts host = new Hosts().natted("eth0");
    host.chains.add(base("inet own", "fwd", "forward", accepts("ct state", "established")));
    assertThat(only(host).what())
        .isEqualTo(
            "drops what guests send out (a guest's vif to eth0), by the policy of chain fwd, drop");
  }

  /** What is dropped on one way out may not be on the other; neither is opened to all else. */
  @Test
  void eachWayOutIsNamed() {
    Hosts host = natted().natted("eth1");
    host.chains.add(base("ip filter", "FORWARD", "forward"));
    assertThat(only(host).commands())
        .containsExactly(
            "iptables -I FORWARD -i vif+ -o eth0 -j ACCEPT",
            "iptables -I FORWARD -i eth0 -o vif+ -m conntrack --ctstate ESTABLISHED,RELATED -j"
                + " ACCEPT",
            "iptables -I FORWARD -i vif+ -o eth1 -j ACCEPT",
            "iptables -I FORWARD -i eth1 -o vif+ -m conntrack --ctstate ESTABLISHED,RELATED -j"
                + " ACCEPT");
  }

  @Test
  void whereNoWayOutIsKnownTheReaderNamesIt() {
    Hosts host = natted();
    host.legacy = Optional.of(List.of("filter"));
    assertThat(only(host).commands())
        .contains("iptables-legacy -I FORWARD -i vif+ -o eth0 -j ACCEPT");
    host.uplink = Optional.empty();
    host.started.clear();
    assertThat(host.complaints())
        .filteredOn(finding -> finding.name().equals("legacy-iptables"))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.commands())
                    .contains("iptables-legacy -I FORWARD -i vif+ -o NIC -j ACCEPT"));
  }

  /** In a trusted zone guests would reach all of dom0 itself. */
  @Test
  void firewalldLetsGuestsOutAndKeepsDom0Shut() {
    Hosts host = natted();
    host.chains.add(base("inet firewalld", "filter_FORWARD", "forward"));
    assertThat(only(host).commands())
        .contains(
            "firewall-cmd --permanent --zone=passerelle --change-interface=vif+",
            "firewall-cmd --permanent --policy=passerelle-out --add-egress-zone=ANY")
        .endsWith("firewall-cmd --reload")
        .noneMatch(line -> line.contains("trusted"));
  }

  /** Its zone is the bridge's own, in which dom0 is served as before. */
  @Test
  void firewalldLetsABridgeCarryOn() {
    Hosts host = new Hosts().vif("vif7.0", "xenbr0").vif("eth0", "xenbr0");
    host.chains.add(base("inet firewalld", "filter_FORWARD", "forward"));
    host.settings.put("bridge/bridge-nf-call-iptables", "1");
    assertThat(host.complaints())
        .filteredOn(finding -> finding.level() == Level.BAD)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.remedy()).startsWith("it is firewalld's: the bridge in its");
              assertThat(finding.commands())
                  .anyMatch(line -> line.endsWith("--change-interface=xenbr0"))
                  .noneMatch(line -> line.contains("--new-zone"));
            });
  }

  /** Who makes the rules decides who is to be told; the markers are the chains that they make. */
  @ParameterizedTest
  @CsvSource({
    "inet firewalld, filter_FORWARD, none, firewall-cmd --permanent",
    "ip filter, FORWARD, DOCKER-USER, iptables -I DOCKER-USER -i vif+ -o eth0 -j ACCEPT",
    "ip filter, FORWARD, ufw-before-forward, ufw route prepend allow in on vif+ out on eth0",
    "ip filter, FORWARD, shorewall, iptables -I FORWARD -i vif+ -o eth0 -j ACCEPT",
    "ip filter, FORWARD, none, iptables -I FORWARD -i vif+ -o eth0 -j ACCEPT",
    "ip filter, forward, none, nft insert rule ip filter forward",
  })
  void theAdviceIsInTheWordsOfTheManager(
      String table, String chain, String beside, String command) {
    Hosts host = natted();
    host.chains.add(base(table, chain, "forward"));
    host.chains.add(new FilterChain(table, beside, Optional.empty(), List.of()));
    assertThat(only(host).commands().getFirst()).startsWith(command);
  }

  @Test
  void beforeTheFirstGuestItIsAWarning() {
    Hosts host = new Hosts();
    host.chains.add(base("inet own", "fwd", "forward"));
    assertThat(only(host).level()).isEqualTo(Level.WARN);
  }

  @Test
  void whatCannotBeToldIsAWarning() {
    Hosts host = natted();
    FilterRule unread =
        new FilterRule(
            "limit rate 5/second accept",
            List.of(
                new Statement.Unread("limit"), new Statement.Verdict(Statement.Kind.ACCEPT, "")));
    host.chains.add(base("inet own", "fwd", "forward", unread));
    assertThat(only(host).level()).isEqualTo(Level.WARN);
    assertThat(only(host).name()).isEqualTo("perhaps-dropped-forward");
  }

  /** With IPv6 a guest must find its router; answers pass, and so does what forward= leads in. */
  @Test
  void allThatAGuestNeedsIsTried() {
    Hosts host = natted();
    host.settings.put("ipv6/conf/all/forwarding", "1");
    host.forwards.put("vif9.0", "");
    host.started.add("network-route eth0");
    host.chains.add(base("inet own", "fwd", "forward"));
    host.chains.add(base("inet own", "in", "input"));
    List<Finding> findings = host.complaints();
    assertThat(findings)
        .extracting(Finding::name)
        .containsExactly("dropped-forward", "dropped-input");
    assertThat(findings.getFirst().commands())
        .containsExactly(
            "nft insert rule inet own fwd 'iifname \"vif*\" oifname \"eth0\" accept'",
            "nft insert rule inet own fwd 'iifname \"eth0\" oifname \"vif*\" ct state"
                + " established,related accept'",
            "nft insert rule inet own fwd 'iifname \"eth0\" oifname \"vif*\" accept'",
            "nft insert rule inet own fwd 'iifname \"eth0\" oifname \"vif*\" ct status dnat"
                + " accept'");
    assertThat(findings.getLast().commands()).singleElement().asString().contains("nd-neighbor");
  }

  @Test
  void aServerOfLeasesMustBeHeard() {
    Hosts host = natted();
    host.chains.add(base("inet own", "in", "input"));
    assertThat(host.complaints()).isEmpty();
    host.leases = true;
    assertThat(only(host).commands())
        .containsExactly("nft insert rule inet own in 'iifname \"vif*\" udp dport 67 accept'");
    host.chains.clear();
    host.chains.add(base("inet own", "in", "input", accepts("udp dport", "67")));
    assertThat(host.complaints()).isEmpty();
  }

  @Test
  void bridgedPacketsPassTheseRulesOnlyWhereTheyAreHandedToThem() {
    Hosts host = new Hosts().vif("vif7.0", "xenbr0").vif("eth0", "xenbr0");
    host.chains.add(base("ip filter", "FORWARD", "forward"));
    assertThat(host.complaints()).isEmpty();
    host.settings.put("bridge/bridge-nf-call-iptables", "1");
    assertThat(host.complaints())
        .filteredOn(finding -> finding.level() == Level.BAD)
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.commands())
                    .containsExactly("iptables -I FORWARD -i xenbr0 -o xenbr0 -j ACCEPT"));
  }

  @Test
  void chainsOfBridgesAreLookedAtForBridges() {
    Hosts host = new Hosts().vif("vif7.0", "xenbr0").vif("eth0", "xenbr0");
    host.chains.add(base("bridge own", "fwd", "forward"));
    assertThat(only(host).commands())
        .containsExactly(
            "nft insert rule bridge own fwd 'iifname \"vif*\" accept'",
            "nft insert rule bridge own fwd 'oifname \"vif*\" accept'");
  }
}
