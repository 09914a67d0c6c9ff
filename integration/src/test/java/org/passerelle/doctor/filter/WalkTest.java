package org.passerelle.doctor.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.natroute.nft.FilterChain;
import org.passerelle.natroute.nft.FilterRule;
import org.passerelle.natroute.nft.Ruleset;
import org.passerelle.natroute.nft.Statement;
import org.passerelle.natroute.nft.Statement.Kind;

class WalkTest {
  private static final Packet OUT = Packet.of(false, "vif7.0", "eth0", "tcp", "new");
  private static final Statement UNREAD = new Statement.Unread("limit");

  private static Statement match(String field, String... values) {
    return new Statement.Match(field, false, List.of(values));
  }

  private static Statement verdict(Kind kind) {
    return new Statement.Verdict(kind, "");
  }

  private static Statement to(Kind kind, String chain) {
    return new Statement.Verdict(kind, chain);
  }

  private static FilterRule rule(Statement... statements) {
    return rule(Arrays.toString(statements), statements);
  }

  private static FilterRule rule(String text, Statement... statements) {
    return new FilterRule(text, List.of(statements));
  }

  private static FilterChain base(String family, boolean drops, FilterRule... rules) {
    return new FilterChain(
        family + " t",
        "forward",
        Optional.of(new FilterChain.Hook("forward", "filter", 0, List.of(), drops)),
        List.of(rules));
  }

  private static FilterChain plain(String name, FilterRule... rules) {
    return new FilterChain("inet t", name, Optional.empty(), List.of(rules));
  }

  private static String fate(Packet packet, FilterChain... chains) {
    var outcomes = Walk.of(packet, new Ruleset(List.of(), List.of(chains))).values();
    if (outcomes.isEmpty()) {
      return "unseen";
    }
    Outcome outcome = outcomes.iterator().next();
    if (outcome.mayBeDropped()) {
      return outcome.isDropped() ? "dropped" : "perhaps";
    }
    return outcome.some().isEmpty() ? "passes" : "some";
  }

  /** A rule that drops such packets in a chain that lets others pass. */
  @ParameterizedTest
  @CsvSource({
    "meta iifname, vif7.0, dropped",
    "meta iifname, vif*, dropped",
    "meta iifname, vif8*, passes",
    "meta iifname, eth0, passes",
    "meta oif, eth0, dropped",
    "ct state, new, dropped",
    "ct state, established, passes",
    "meta nfproto, ipv6, passes",
    "meta l4proto, tcp, dropped",
    "ip protocol, tcp, dropped",
    "ip6 saddr, ::/0, passes",
    "udp dport, 53, passes",
    "icmpv6 type, nd-redirect, passes",
    "rt type, 0, passes",
    "rt header, something, passes",
    "tcp flags, syn, dropped",
    "'tcp flags & ack,syn', syn, dropped",
    "'tcp flags & fin,syn', 'fin,syn', passes",
    "'tcp flags & ack,rst', '', dropped",
    "tcp dport, 25, some",
    "ip saddr, 10.0.0.0/8, some",
    "ip saddr, 0.0.0.0/0, dropped",
    "meta mark, 1, some",
    "meta iifname . meta oifname, vif7.0 . eth0, dropped",
    "meta iifname . meta oifname, vif7.0 . eth1, passes",
    "meta iifname . tcp dport, vif7.0 . 25, some",
    "meta iifname . udp dport, vif7.0 . 25, passes",
    "unread key, unread key, some"
  })
  void aRuleIsForSomePackets(String field, String value, String fate) {
    FilterRule rule = rule(match(field, value), verdict(Kind.DROP));
    assertThat(fate(OUT, base("inet", false, rule))).isEqualTo(fate);
  }

  /** Chains that translate see what begins a connection; what they drop is dropped. */
  @ParameterizedTest
  @CsvSource({
    "new, DROP, prerouting, dropped, false",
    "established, DROP, prerouting, unseen, false",
    "untracked, DROP, prerouting, unseen, false",
    "new, DNAT, prerouting, passes, true",
    "new, REDIRECT, prerouting, passes, true",
    "new, MASQUERADE, postrouting, passes, false",
    "new, SNAT, postrouting, passes, false"
  })
  void chainsThatTranslateSeeWhatBegins(
      String state, Kind kind, String hook, String fate, boolean led) {
    FilterChain chain =
        new FilterChain(
            "ip t",
            "c",
            Optional.of(new FilterChain.Hook(hook, "nat", -100, List.of(), false)),
            List.of(rule(verdict(kind)), rule(verdict(Kind.DROP))));
    Packet packet = Packet.of(false, "vif7.0", "eth0", "tcp", state);
    assertThat(fate(packet, chain)).isEqualTo(fate);
    assertThat(Walk.of(packet, new Ruleset(List.of(), List.of(chain))).values())
        .allSatisfy(outcome -> assertThat(!outcome.led().isEmpty()).isEqualTo(led));
  }

  /** The first packet of a connection, an answer, and what is of none. */
  @ParameterizedTest
  @CsvSource({
    "new, snat, passes",
    "new, 'snat,dnat', passes",
    "new, confirmed, passes",
    "established, seen-reply, dropped",
    "established, assured, some",
    "established, snat, passes",
    "untracked, seen-reply, passes"
  })
  void theStatusOfAConnectionIsOneOfItsFlags(String state, String asked, String fate) {
    Packet packet = Packet.of(false, "vif7.0", "eth0", "tcp", state);
    FilterRule drop = rule(match("ct status", asked.split(",")), verdict(Kind.DROP));
    assertThat(fate(packet, base("inet", false, drop))).isEqualTo(fate);
  }

  @Test
  void whatIsTranslatedIsKnownFromThereOn() {
    FilterRule led = rule(match("ct status", "dnat"), verdict(Kind.DROP));
    FilterRule not =
        rule(new Statement.Match("ct status", true, List.of("dnat")), verdict(Kind.DROP));
    Packet packet = OUT.with("ct status", "dnat").beyond("ct status", "none");
    assertThat(fate(packet, at("prerouting", -150, led))).isEqualTo("passes");
    assertThat(fate(packet, at("prerouting", -150, not))).isEqualTo("dropped");
    assertThat(fate(packet, at("prerouting", -90, led))).isEqualTo("dropped");
    assertThat(fate(packet, base("inet", false, led))).isEqualTo("dropped");
    Packet answer = Packet.of(false, "eth0", "vif7.0", "tcp", "established").flagged("snat");
    FilterRule masked = rule(match("ct status", "snat"), verdict(Kind.DROP));
    assertThat(fate(answer, base("inet", false, masked))).isEqualTo("dropped");
    Packet sent = OUT.beyond("ip saddr", "").beyond("ct status", "snat");
    assertThat(fate(sent, base("inet", false, masked))).isEqualTo("passes");
    assertThat(fate(sent, at("postrouting", 101, masked))).isEqualTo("dropped");
  }

  /** What nft leaves out of its text may ask for what is not in it. */
  @ParameterizedTest
  @CsvSource({"dnat, dropped", "none, some"})
  void whatIptablesAsksOfTheStatusIsHalfKnown(String status, String fate) {
    FilterRule drop = rule(match("ct status, perhaps", "dnat"), verdict(Kind.DROP));
    assertThat(fate(OUT.with("ct status", status), base("inet", false, drop))).isEqualTo(fate);
  }

  /** A port of whatever protocol is one of the packet's own, where it has ports. */
  @ParameterizedTest
  @CsvSource({
    "udp, th dport, 67, false, dropped",
    "udp, th dport, 53, false, passes",
    "udp, th dport, 53, true, dropped",
    "udp, th sport, 53, false, some",
    "tcp, th dport, 25, false, some",
    "icmp, th dport, 53, false, passes",
    "icmp, th dport, 53, true, dropped",
    "arp, th dport, 53, true, passes"
  })
  void aPortMayBeAskedForInAnyProtocol(
      String protocol, String field, String value, boolean negated, String fate) {
    Packet packet =
        protocol.equals("arp")
            ? Packet.arp("vif7.0", "", "request")
            : Packet.of(false, "vif7.0", "", protocol, "new").with("udp dport", "67");
    FilterChain chain =
        new FilterChain(
            "netdev t",
            "ingress",
            Optional.of(new FilterChain.Hook("ingress", "filter", 0, List.of("vif7.0"), false)),
            List.of(rule(new Statement.Match(field, negated, List.of(value)), verdict(Kind.DROP))));
    assertThat(fate(packet, chain)).isEqualTo(fate);
  }

  @ParameterizedTest
  @CsvSource({"10.0.7.1, dropped", "11.0.7.1, passes"})
  void aKnownAddressIsWithinANetworkOrNot(String address, String fate) {
    FilterRule rule = rule(match("ip saddr", "192.0.2.7", "10.0.0.0/8"), verdict(Kind.DROP));
    assertThat(fate(OUT.with("ip saddr", address), base("ip", false, rule))).isEqualTo(fate);
  }

  /** The kernel's text for it, and Java's. */
  @Test
  void anAddressOfIpv6HasSeveralSpellings() {
    Packet packet = Packet.of(true, "vif7.0", "eth0", "tcp", "new");
    FilterRule rule = rule(match("ip6 saddr", "2001:db8:7::1"), verdict(Kind.DROP));
    assertThat(fate(packet.with("ip6 saddr", "2001:db8:7:0:0:0:0:1"), base("inet", false, rule)))
        .isEqualTo("dropped");
  }

  @ParameterizedTest
  @CsvSource({
    "udp dport, 67, 60-70, dropped",
    "udp dport, 67, 68-70, passes",
    "udp dport, 67, 6-7, passes",
    "ip saddr, 10.0.7.1, 10.0.7.0-10.0.7.9, dropped",
    "ip saddr, 10.0.7.1, 10.0.7.2-10.0.10.0, passes",
    "ip6 saddr, fd00::7:1, fd00::-fd00::ffff:0, dropped",
    "meta iifname, ad, ab-ae, passes",
    "meta iifname, ab-ae, ab-ae, dropped"
  })
  void aKnownValueIsWithinARangeOrNot(String field, String known, String range, String fate) {
    boolean v6 = field.startsWith("ip6");
    Packet packet = Packet.of(v6, "ab-ae".equals(known) ? known : "ad", "eth0", "udp", "new");
    FilterRule rule = rule(match(field, range), verdict(Kind.DROP));
    assertThat(fate(packet.with(field, known), base("inet", false, rule))).isEqualTo(fate);
  }

  @ParameterizedTest
  @CsvSource({
    "meta iifname, eth1, dropped",
    "meta iifname, vif*, passes",
    "ip6 saddr, ::1, passes",
    "rt type, 1, passes",
    "'tcp flags & ack', '', passes"
  })
  void aNegatedMatchIsForTheOthersOfItsProtocol(String field, String value, String fate) {
    Statement not = new Statement.Match(field, true, List.of(value));
    assertThat(fate(OUT, base("inet", false, rule(not, verdict(Kind.DROP))))).isEqualTo(fate);
  }

  @ParameterizedTest
  @CsvSource({"ip, dropped", "inet, dropped", "ip6, unseen", "bridge, unseen"})
  void chainsOfOtherFamiliesDoNotSeeIt(String family, String fate) {
    assertThat(fate(OUT, base(family, true))).isEqualTo(fate);
  }

  @Test
  void thePolicyIsForWhatComesToTheEnd() {
    FilterRule accept = rule(match("meta iifname", "vif*"), verdict(Kind.ACCEPT));
    assertThat(fate(OUT, base("inet", true))).isEqualTo("dropped");
    assertThat(fate(OUT, base("inet", true, accept))).isEqualTo("passes");
    assertThat(fate(OUT, base("inet", true, rule(UNREAD, verdict(Kind.ACCEPT)))))
        .isEqualTo("perhaps");
  }

  @Test
  void theFirstThatDecidesDecides() {
    FilterRule drop = rule(verdict(Kind.REJECT));
    FilterRule accept = rule(verdict(Kind.ACCEPT));
    assertThat(fate(OUT, base("inet", false, accept, drop))).isEqualTo("passes");
    assertThat(fate(OUT, base("inet", false, drop, accept))).isEqualTo("dropped");
  }

  /** After jump the rest of the chain is asked, after goto it is not. */
  @Test
  void otherChainsAreGoneInto() {
    FilterRule drop = rule(verdict(Kind.DROP));
    FilterChain empty = plain("x");
    FilterChain accepts = plain("x", rule(verdict(Kind.ACCEPT)));
    FilterChain returns = plain("x", rule(verdict(Kind.RETURN)), rule(verdict(Kind.ACCEPT)));
    FilterRule jump = rule(to(Kind.JUMP, "x"));
    FilterRule go = rule(to(Kind.GOTO, "x"));
    assertThat(fate(OUT, base("inet", false, jump, drop), empty)).isEqualTo("dropped");
    assertThat(fate(OUT, base("inet", false, jump, drop), returns)).isEqualTo("dropped");
    assertThat(fate(OUT, base("inet", false, jump, drop), accepts)).isEqualTo("passes");
    assertThat(fate(OUT, base("inet", false, go, drop), empty)).isEqualTo("passes");
    assertThat(fate(OUT, base("inet", true, go, drop), returns)).isEqualTo("dropped");
  }

  @Test
  void aChoiceDecidesForTheValueThatThePacketHas() {
    Statement.Verdict accept = new Statement.Verdict(Kind.ACCEPT, "");
    Statement.Verdict drop = new Statement.Verdict(Kind.DROP, "");
    Statement choice =
        new Statement.Choice(
            "ct state",
            List.of(new Statement.Case("established", accept), new Statement.Case("new", drop)));
    FilterChain chain = base("inet", false, rule(choice));
    assertThat(fate(OUT, chain)).isEqualTo("dropped");
    assertThat(fate(Packet.of(false, "eth0", "vif7.0", "tcp", "established"), chain))
        .isEqualTo("passes");
    assertThat(fate(Packet.of(false, "eth0", "vif7.0", "tcp", "related"), chain))
        .isEqualTo("passes");
  }

  /** firewalld's first rule for IPv6, and Shorewall's, concern no ordinary connection. */
  @Test
  void addressesThatNobodyHasDecideNothing() {
    FilterRule drop = rule(match("ip daddr", "224.0.0.0/4", "127.0.0.1"), verdict(Kind.DROP));
    assertThat(fate(OUT, base("inet", false, drop))).isEqualTo("passes");
    FilterRule some = rule(match("ip daddr", "224.0.0.0/4", "10.0.0.0/8"), verdict(Kind.DROP));
    assertThat(fate(OUT, base("inet", false, some))).isEqualTo("some");
    FilterRule all = rule(match("ip daddr", "0.0.0.0/0"), verdict(Kind.DROP));
    assertThat(fate(OUT, base("inet", false, all))).isEqualTo("dropped");
    FilterRule six =
        rule(match("ip6 daddr", "::ffff:0.0.0.0/96", "2002:a00::/24"), verdict(Kind.DROP));
    Packet any = Packet.of(true, "vif7.0", "eth0", "tcp", "new");
    assertThat(fate(any, base("inet", false, six))).isEqualTo("passes");
    assertThat(fate(any.with("ip6 daddr", "2001:db8::1"), base("inet", false, six)))
        .isEqualTo("passes");
    Packet elsewhere = any.never("ip6 daddr", List.of(IpPrefix.parse("2001:db8::/32")));
    assertThat(fate(elsewhere, base("inet", false, six))).isEqualTo("passes");
  }

  /** nft lists ICMPv6 by the name that /etc/protocols has for it. */
  @Test
  void bothNamesOfIcmpForIpv6AreItsOwn() {
    Packet search = Packet.of(true, "vif7.0", "eth0", "icmpv6", "untracked");
    for (String name : List.of("icmpv6", "ipv6-icmp")) {
      FilterRule accept = rule(match("meta l4proto", name), verdict(Kind.ACCEPT));
      assertThat(fate(search, base("inet", true, accept))).isEqualTo("passes");
    }
  }

  @Test
  void whoDropsIsNamed() {
    FilterChain x = plain("x", rule(verdict(Kind.DROP)));
    FilterChain base = base("inet", true, rule(UNREAD, to(Kind.JUMP, "x")));
    Outcome outcome = Walk.of(OUT, new Ruleset(List.of(), List.of(base, x))).get(base);
    assertThat(outcome.blames())
        .extracting(Blame::words)
        .containsExactly("the policy of chain forward, drop");
    assertThat(outcome.some())
        .extracting(Blame::words)
        .containsExactly("the rule `" + x.rules().getFirst().text() + "` of chain x");
  }

  /** The kernel refuses loops; whoever shows one to us does not keep us for ever. */
  @Test
  void aLoopEnds() {
    FilterChain x = plain("x", rule(to(Kind.JUMP, "x")));
    assertThat(fate(OUT, base("inet", true, rule(to(Kind.JUMP, "x"))), x)).isEqualTo("dropped");
  }

  private static FilterChain at(String hook, long priority, FilterRule... rules) {
    return new FilterChain(
        "inet t",
        hook,
        Optional.of(new FilterChain.Hook(hook, "filter", priority, List.of(), false)),
        List.of(rules));
  }

  private static FilterChain before(String table, String hook, String device) {
    return new FilterChain(
        table,
        hook,
        Optional.of(new FilterChain.Hook(hook, "filter", 0, List.of("lo", device), true)),
        List.of());
  }

  /** Each packet comes by the hooks of its way, and there alone. */
  @ParameterizedTest
  @CsvSource({
    "vif7.0, eth0, prerouting forward postrouting",
    "vif7.0, '', prerouting input",
    "'', vif7.0, output postrouting"
  })
  void theHooksOfItsWayAreComeBy(String in, String out, String hooks) {
    FilterRule drop = rule(verdict(Kind.DROP));
    FilterChain[] all =
        List.of("postrouting", "output", "forward", "input", "prerouting").stream()
            .map(hook -> at(hook, 0, drop))
            .toArray(FilterChain[]::new);
    assertThat(
            Walk.of(Packet.of(false, in, out, "tcp", "new"), new Ruleset(List.of(), List.of(all)))
                .keySet())
        .extracting(FilterChain::name)
        .containsExactly(hooks.split(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "netdev t, ingress, vif7.0, dropped",
    "netdev t, ingress, vif*, dropped",
    "netdev t, ingress, eth0, unseen",
    "netdev t, egress, eth0, dropped",
    "netdev t, egress, vif7.0, unseen",
    "inet t, ingress, vif7.0, dropped"
  })
  void chainsBeforeADeviceSeeWhatPassesIt(String table, String hook, String device, String fate) {
    assertThat(fate(OUT, before(table, hook, device))).isEqualTo(fate);
    assertThat(fate(OUT.bridged(), before(table, hook, device))).isEqualTo(fate);
    assertThat(fate(OUT.handed(), before(table, hook, device))).isEqualTo("unseen");
  }

  @Test
  void whatBrNetfilterHandsOverPassesTheHostsOtherChains() {
    assertThat(fate(OUT.handed(), base("ip", true))).isEqualTo("dropped");
    assertThat(fate(OUT.handed(), base("inet", true))).isEqualTo("dropped");
    assertThat(fate(OUT.handed(), base("bridge", true))).isEqualTo("unseen");
  }

  @Test
  void arpHasChainsOfItsOwn() {
    Packet search = Packet.arp("vif7.0", "", "request");
    FilterChain input =
        new FilterChain(
            "arp t",
            "input",
            Optional.of(new FilterChain.Hook("input", "filter", 0, List.of(), true)),
            List.of());
    assertThat(fate(search, input)).isEqualTo("dropped");
    assertThat(fate(search, before("netdev t", "ingress", "vif7.0"))).isEqualTo("dropped");
    assertThat(fate(search, before("inet t", "ingress", "vif7.0"))).isEqualTo("unseen");
    assertThat(fate(search, at("input", 0, rule(verdict(Kind.DROP))))).isEqualTo("unseen");
  }

  /** Before connections are known each packet is an invalid one, and has no more of them. */
  @ParameterizedTest
  @CsvSource({
    "prerouting, -300, ct state, invalid, dropped",
    "prerouting, -300, ct state, new, passes",
    "prerouting, -300, ct status, none, passes",
    "prerouting, -150, ct state, invalid, passes",
    "prerouting, -150, ct state, new, dropped",
    "forward, -300, ct state, new, dropped"
  })
  void connectionsAreKnownFromSomePriorityOn(
      String hook, long priority, String field, String value, String fate) {
    assertThat(fate(OUT, at(hook, priority, rule(match(field, value), verdict(Kind.DROP)))))
        .isEqualTo(fate);
  }

  /** Not every hook tells a rule both devices; then it has the empty name. */
  @ParameterizedTest
  @CsvSource({
    "prerouting, meta iifname, vif7.0, dropped",
    "prerouting, meta oifname, eth0, passes",
    "postrouting, meta iifname, vif7.0, dropped",
    "postrouting, meta oifname, eth0, dropped"
  })
  void aRuleKnowsTheDevicesOfItsHook(String hook, String field, String value, String fate) {
    assertThat(fate(OUT, at(hook, 0, rule(match(field, value), verdict(Kind.DROP)))))
        .isEqualTo(fate);
  }

  /** Translated last when it leaves, and first when it comes. */
  @ParameterizedTest
  @CsvSource({
    "saddr, prerouting, -300, 10.0.7.1",
    "saddr, postrouting, 0, 10.0.7.1",
    "saddr, postrouting, 300, 192.0.2.10",
    "daddr, prerouting, -150, 192.0.2.10",
    "daddr, prerouting, 0, 10.0.7.1",
    "daddr, forward, -150, 10.0.7.1"
  })
  void beyondNatItHasAnotherAddress(String end, String hook, long priority, String address) {
    Packet packet = OUT.with("ip " + end, "10.0.7.1").beyond("ip " + end, "192.0.2.10");
    FilterRule other =
        rule(new Statement.Match("ip " + end, true, List.of(address)), verdict(Kind.DROP));
    FilterRule drop = rule(match("ip " + end, address), verdict(Kind.DROP));
    assertThat(fate(packet, at(hook, priority, other))).isEqualTo("passes");
    assertThat(fate(packet, at(hook, priority, drop))).isEqualTo("dropped");
  }

  @Test
  void whoIsOutsideHasNoAddressOfTheInside() {
    Packet packet = OUT.never("ip daddr", List.of(IpPrefix.parse("172.17.0.0/16")));
    FilterRule drop = rule(match("ip daddr", "172.17.0.2"), verdict(Kind.DROP));
    FilterRule wider = rule(match("ip daddr", "172.16.0.0/12"), verdict(Kind.DROP));
    assertThat(fate(packet, base("ip", false, drop))).isEqualTo("passes");
    assertThat(fate(packet, base("ip", false, wider))).isEqualTo("some");
    assertThat(fate(OUT, base("ip", false, drop))).isEqualTo("some");
  }

  /** What is asked for with "not" is so for most packets, and what is asked for is for some. */
  @Test
  void anUnknownFieldIsMostlyAnotherOne() {
    Statement not = new Statement.Match("ip saddr", true, List.of("10.9.0.0/16"));
    assertThat(fate(OUT, base("ip", false, rule(not, verdict(Kind.DROP))))).isEqualTo("perhaps");
  }

  /** firewalld's; the way back to a guest is there as long as its vif is attached. */
  @Test
  void theWayBackIsJudgedWhereItIsKnown() {
    FilterRule filter = rule(match("fib saddr oif", "missing"), verdict(Kind.DROP));
    assertThat(fate(OUT.with("fib saddr oif", "vif7.0"), base("inet", false, filter)))
        .isEqualTo("passes");
    assertThat(fate(OUT, base("inet", false, filter))).isEqualTo("some");
  }

  private static String[] networks() {
    return IntStream.range(0, 100_000)
        .mapToObj(n -> (20 + n / 65_536) + "." + n / 256 % 256 + "." + n % 256 + ".0/24")
        .toArray(String[]::new);
  }

  /**
   * It is asked for each of a host's guests, whose addresses may be known or not: it is taken apart
   * once.
   */
  @ParameterizedTest
  @CsvSource({"ip saddr, 10.0.0.1, passes", "ip saddr, 20.9.9.9, dropped", "ip daddr, , some"})
  @Timeout(20)
  void aListOfAHundredThousandIsAskedOften(String field, String known, String fate) {
    FilterRule drop = rule("drop", match(field, networks()), verdict(Kind.DROP));
    FilterChain chain = base("ip", false, drop);
    for (int guest = 1; guest <= 300; guest++) {
      Packet packet = Packet.of(false, "vif" + guest + ".0", "eth0", "tcp", "new");
      assertThat(fate(known == null ? packet : packet.with(field, known), chain)).isEqualTo(fate);
    }
  }

  /**
   * Each of its rules may be for the packet, and leads into the same: 2 to the power of 16 ways.
   */
  @Test
  @Timeout(20)
  void aChainThatManyRulesLeadIntoIsGoneAlongOnce() {
    FilterChain[] chains = new FilterChain[17];
    for (int depth = 1; depth < 16; depth++) {
      FilterRule jump = rule(UNREAD, to(Kind.JUMP, "x" + (depth + 1)));
      chains[depth] = plain("x" + depth, jump, jump, jump);
    }
    chains[0] = base("inet", true, rule(to(Kind.JUMP, "x1")));
    chains[16] = plain("x16", rule(match("meta iifname", "vif7.0"), verdict(Kind.ACCEPT)));
    assertThat(fate(OUT, chains)).isEqualTo("perhaps");
  }

  /** What a set or map has for all else is asked last. */
  @ParameterizedTest
  @CsvSource({"10.0.7.1, dropped", "11.0.7.1, passes", ", some"})
  void theRestOfAMapIsOfWhatNoOtherElementIsFor(String known, String fate) {
    Statement choice =
        new Statement.Choice(
            "ip saddr",
            List.of(
                new Statement.Case("*", new Statement.Verdict(Kind.ACCEPT, "")),
                new Statement.Case("10.0.0.0/8", new Statement.Verdict(Kind.DROP, ""))));
    Packet packet = known == null ? OUT : OUT.with("ip saddr", known);
    assertThat(fate(packet, base("ip", false, rule(choice)))).isEqualTo(fate);
    FilterRule all = rule(match("ip saddr", "10.0.0.0/8", "*"), verdict(Kind.DROP));
    assertThat(fate(packet, base("ip", false, all))).isEqualTo("dropped");
  }

  /** All of it is of those that nobody has, or elsewhere, and not only its ends. */
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1-127.0.0.9, passes",
    "127.0.0.1-128.0.0.1, some",
    "0.0.0.0-255.255.255.255, dropped",
    "::ffff:10.0.0.1, passes"
  })
  void aRangeOfUnusualAddressesIsUnusual(String range, String fate) {
    FilterRule drop = rule(match("ip daddr", range), verdict(Kind.DROP));
    assertThat(fate(OUT, base("ip", false, drop))).isEqualTo(fate);
  }
}
