package org.passerelle.doctor.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.doctor.Finding;
import org.passerelle.doctor.Finding.Level;
import org.passerelle.doctor.facts.Routing;
import org.passerelle.link.wire.IpPrefix;
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

  /** A chain that drops what its rules are for. */
  private static FilterChain passing(
      String table, String name, String hook, long priority, FilterRule... rules) {
    return new FilterChain(
        table,
        name,
        Optional.of(new FilterChain.Hook(hook, "filter", priority, List.of(), false)),
        Arrays.asList(rules));
  }

  private static Statement is(String field, String value) {
    return new Statement.Match(field, false, List.of(value));
  }

  private static FilterRule drops(Statement... matches) {
    return new FilterRule(
        Arrays.toString(matches),
        Stream.concat(Stream.of(matches), Stream.of(new Statement.Verdict(Statement.Kind.DROP, "")))
            .toList());
  }

  private static Hosts knownGuest() {
    Hosts host = new Hosts().guest("vif7.0", Routing.Mode.NAT, "10.0.7.1").natted("eth0");
    host.ways.add(new Routing.Way(IpPrefix.parse("0.0.0.0/0"), "eth0"));
    host.ways.add(new Routing.Way(IpPrefix.parse("172.17.0.0/16"), "docker0"));
    host.addresses.add(new Routing.Own("eth0", IpPrefix.address("192.0.2.10")));
    return host;
  }

  /** The line is as narrow as the hook can have it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ip own | prerouting | -300 | nft insert rule ip own c 'iifname \"eth0\" accept'",
        "ip own | prerouting | 0 | nft insert rule ip own c 'iifname \"eth0\" ct state"
            + " established,related accept'",
        "ip own | postrouting | 0 | nft insert rule ip own c 'iifname \"eth0\" oifname \"vif*\""
            + " ct state established,related accept'",
        "ip raw | prerouting | -300 | iptables -t raw -I PREROUTING -i eth0 -j ACCEPT",
        "ip mangle | postrouting | -150 | iptables -t mangle -I POSTROUTING -o vif+ -m conntrack"
            + " --ctstate ESTABLISHED,RELATED -j ACCEPT"
      })
  void theLineIsAsNarrowAsItsHookCanHaveIt(String table, String hook, long priority, String line) {
    Hosts host = knownGuest();
    String name = table.equals("ip own") ? "c" : hook.toUpperCase(Locale.ROOT);
    FilterRule answers = drops(is("tcp flags", "ack,syn"));
    host.chains.add(passing(table, name, hook, priority, answers));
    Finding finding = only(host);
    assertThat(finding.name()).isEqualTo("dropped-" + hook);
    assertThat(finding.commands()).containsExactly(line);
    assertThat(finding.remedy().contains("lets all of it pass")).isEqualTo(priority == -300);
  }

  /** Answers to guests are sent to dom0's address, as long as they are not translated. */
  @Test
  void anAnswerComesInToDom0sAddress() {
    Hosts host = knownGuest();
    host.chains.add(
        passing("ip own", "c", "prerouting", -300, drops(is("ip daddr", "192.0.2.10"))));
    assertThat(only(host).what()).startsWith("drops answers to guests (eth0 to vif7.0)");
    host.chains.set(0, passing("ip own", "c", "forward", 0, drops(is("ip daddr", "192.0.2.10"))));
    assertThat(host.complaints()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.0/8, 1", "10.0.8.0/24, 0"})
  void aKnownGuestsOwnAddressIsLookedFor(String network, int complaints) {
    Hosts host = knownGuest();
    host.chains.add(
        passing(
            "ip own",
            "c",
            "forward",
            0,
            drops(is("meta iifname", "vif*"), is("ip saddr", network))));
    assertThat(host.complaints()).hasSize(complaints);
  }

  /** Nobody outside has the addresses of dom0's other networks. */
  @Test
  void dockersRulesBeforeRoutingConcernItsContainersAlone() {
    Hosts host = knownGuest();
    Statement elsewhere = new Statement.Match("meta iifname", true, List.of("docker0"));
    host.chains.add(
        passing(
            "ip raw",
            "PREROUTING",
            "prerouting",
            -300,
            drops(elsewhere, is("ip daddr", "172.17.0.2"))));
    assertThat(host.complaints()).isEmpty();
    host.ways.clear();
    assertThat(only(host).name()).isEqualTo("rules-unjudged");
  }

  /** The rule of firewalld's; who is not found by the default route is not known to be. */
  @Test
  void theWayBackIsThereWhereRoutesSaySo() {
    Hosts host = knownGuest();
    host.chains.add(
        passing("inet firewalld", "p", "prerouting", 10, drops(is("fib saddr oif", "missing"))));
    assertThat(host.complaints()).isEmpty();
    host.ways.clear();
    assertThat(only(host).level()).isEqualTo(Level.UNSEEN);
    assertThat(only(host).what()).contains("fib saddr oif").doesNotContain("answers to guests");
  }

  /** One that is understood in part decides nothing; it is named, and no more. */
  @Test
  void whatIsNotUnderstoodIsNoDrop() {
    Hosts host = knownGuest();
    host.chains.add(passing("ip own", "c", "forward", 0, drops(new Statement.Unread("limit"))));
    assertThat(only(host).level()).isEqualTo(Level.UNSEEN);
    assertThat(only(host).what()).endsWith("of chain c (ip own)");
  }

  /** Of many the first are named; the chain that drops one of them is found as well. */
  @Test
  void eachVifIsFollowed() {
    Hosts host = knownGuest();
    for (int domain = 8; domain < 12; domain++) {
      host.guest("vif" + domain + ".0", Routing.Mode.NAT, "10.0." + domain + ".1");
    }
    host.chains.add(passing("ip own", "c", "forward", 0, drops(is("meta iifname", "vif11.0"))));
    assertThat(only(host).what()).startsWith("drops what guests send out (vif11.0 to eth0), by");
    host.chains.set(0, base("ip own", "c", "forward"));
    assertThat(only(host).what())
        .contains("(vif7.0, vif8.0 and 3 more to eth0; eth0 to vif7.0, vif8.0 and 3 more)");
    assertThat(only(host).commands()).hasSize(2);
  }

  @Test
  void dom0sAnswersMustBeHeard() {
    Hosts host = knownGuest();
    host.leases = true;
    host.chains.add(base("inet own", "c", "output"));
    assertThat(only(host).commands())
        .containsExactly(
            "nft insert rule inet own c 'oifname \"vif*\" ct state established,related accept'",
            "nft insert rule inet own c 'oifname \"vif*\" udp dport 68 accept'");
  }

  /** A proxy that somebody leads them to is meant; whose it is nobody can tell here. */
  @Test
  void whoeverLeadsGuestsElsewhereIsNamedInALine() {
    Hosts host = knownGuest();
    FilterRule proxy =
        new FilterRule(
            "tcp dport 80 redirect to :3128",
            List.of(is("tcp dport", "80"), new Statement.Verdict(Statement.Kind.REDIRECT, "")));
    FilterRule containers =
        new FilterRule(
            "fib daddr type local tcp dport 81 dnat to 172.17.0.2:80",
            List.of(is("fib daddr type", "local"), new Statement.Verdict(Statement.Kind.DNAT, "")));
    host.chains.add(
        new FilterChain(
            "ip nat",
            "PREROUTING",
            Optional.of(new FilterChain.Hook("prerouting", "nat", -100, List.of(), false)),
            List.of(containers, proxy)));
    assertThat(only(host).level()).isEqualTo(Level.UNSEEN);
    assertThat(only(host).name()).isEqualTo("rules-lead");
    assertThat(only(host).what())
        .endsWith("the rule `tcp dport 80 redirect to :3128` of chain PREROUTING (ip nat)");
  }

  /** What our guards drop is meant. */
  @Test
  void ourOwnTablesAreLeftOut() {
    Hosts host = knownGuest();
    for (String table : List.of("netdev passerelle-vif7.0", "netdev own")) {
      host.chains.add(
          new FilterChain(
              table,
              "guest",
              Optional.of(new FilterChain.Hook("ingress", "filter", 0, List.of("vif7.0"), true)),
              List.of()));
    }
    assertThat(only(host).subject()).isEqualTo("netdev own guest");
  }
}
