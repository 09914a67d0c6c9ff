package org.passerelle.natroute.nft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

/** What the library lists, as the chains and rules that it means. */
@Needs({Capability.NET_ADMIN, Capability.NFTABLES})
class RulesetTest {
  private static final Statement.Verdict ACCEPT = verdict(Statement.Kind.ACCEPT, "");
  private static final Statement.Verdict DROP = verdict(Statement.Kind.DROP, "");

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();

  private NftKernel kernel;
  private LibNftables library;

  @BeforeEach
  void host() {
    Namespace namespace = namespaces.create();
    kernel = namespace.call(() -> new NftKernel(NetlinkKernel.open()));
    library = namespace.call(LibNftables::open);
  }

  @AfterEach
  void end() {
    library.close();
    kernel.close();
  }

  private static Statement.Verdict verdict(Statement.Kind kind, String target) {
    return new Statement.Verdict(kind, target);
  }

  private static Statement.Match match(String field, String... values) {
    return new Statement.Match(field, false, List.of(values));
  }

  /** The rule of a table with this one alone. */
  private FilterRule rule(String words) {
    library.run(
        "table inet t { set bad { type ipv4_addr; flags interval;"
            + " elements = { 10.1.0.0/16, 192.0.2.7 }; }; chain x { }; chain c { "
            + words
            + "; }; }",
        "make it");
    return kernel.ruleset().chains().getLast().rules().getFirst();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "iifname \"vif*\" accept | meta iifname | vif*",
        "ct state established,related accept | ct state | established related",
        "ip saddr 10.0.0.0/8 accept | ip saddr | 10.0.0.0/8",
        "ip saddr @bad accept | ip saddr | 10.1.0.0/16 192.0.2.7",
        "tcp dport { 22, 80-90 } accept | tcp dport | 22 80-90",
        "rt type 0 accept | rt type | 0",
        "meta l4proto udp accept | meta l4proto | udp",
        "counter log prefix \"x\" iif lo accept | meta iif | lo"
      })
  void aMatchIsRead(String words, String field, String values) {
    assertThat(rule(words).statements()).containsExactly(match(field, values.split(" ")), ACCEPT);
  }

  @Test
  void aNegatedMatchAsksForNoneOfThem() {
    assertThat(rule("oifname != \"eth0\" drop").statements())
        .containsExactly(new Statement.Match("meta oifname", true, List.of("eth0")), DROP);
  }

  /** Each in one form, whichever way it is written. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "tcp flags & (fin|syn|rst|ack) == syn drop ; tcp flags & ack,fin,rst,syn ; false ; syn",
        "tcp flags != syn / syn,ack drop ; tcp flags & ack,syn ; true ; syn",
        "tcp flags & (fin|syn) == (fin|syn) drop ; tcp flags & fin,syn ; false ; fin,syn",
        "tcp flags rst drop ; tcp flags & rst ; true ; \"\"",
        "tcp flags & (syn|rst) == 0 drop ; tcp flags & rst,syn ; false ; \"\"",
        "tcp flags == syn drop ; tcp flags ; false ; syn",
        "tcp flags == 0x0 drop ; tcp flags ; false ; \"\""
      })
  void tcpsFlagsAreComparedByName(String words, String field, boolean negated, String value) {
    assertThat(rule(words).statements())
        .containsExactly(new Statement.Match(field, negated, List.of(value)), DROP);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "redirect | REDIRECT",
        "dnat ip to 192.0.2.9 | DNAT",
        "masquerade | MASQUERADE",
        "snat ip to 192.0.2.9 | SNAT"
      })
  void aTranslationIsADecision(String words, Statement.Kind kind) {
    String hook = words.matches("(snat|masq).*") ? "postrouting" : "prerouting";
    library.run(
        "table inet t { chain c { type nat hook %s priority 0; %s; }; }".formatted(hook, words),
        "make it");
    assertThat(kernel.ruleset().chains().getLast().rules().getFirst().statements())
        .containsExactly(verdict(kind, ""));
    assertThat(kernel.ruleset().filters(hook)).hasSize(1);
  }

  @Test
  void aTranslationByAMapIsForWhatTheMapHas() {
    library.run(
        "table inet t { chain c { type nat hook prerouting priority 0;"
            + " dnat ip to tcp dport map { 80 : 192.0.2.9 }; }; }",
        "make it");
    List<Statement> statements =
        kernel.ruleset().chains().getLast().rules().getFirst().statements();
    assertThat(statements.getFirst()).isInstanceOf(Statement.Unread.class);
    assertThat(statements.getLast()).isEqualTo(verdict(Statement.Kind.DNAT, ""));
  }

  /** As the kernel has them: all flags are compared, or one of them is there. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ct status dnat drop ; false ; [dnat]",
        "ct status snat,dnat drop ; false ; [snat, dnat]",
        "ct status & (snat | dnat) == 0 drop ; true ; [snat, dnat]",
        "ct status & dnat == dnat drop ; false ; [dnat]",
        "ct status & dnat != dnat drop ; true ; [dnat]",
        "ct status == dnat drop ; false ; []",
        "ct status != dnat drop ; true ; []"
      })
  void theStatusOfAConnectionIsRead(String words, boolean negated, String flags) {
    assertThat(rule(words).statements())
        .element(0)
        .hasToString("Match[field=ct status, negated=%s, values=%s]".formatted(negated, flags));
  }

  @ParameterizedTest
  @CsvSource({
    "limit rate 5/second drop",
    "meta mark and 0xff == 0x10 drop",
    "tcp dport > 1023 drop",
    "fib daddr . iif oif exists drop",
    "ct status == confirmed drop"
  })
  void whatIsNotUnderstoodIsSaidToBe(String words) {
    List<Statement> statements = rule(words).statements();
    assertThat(statements.getFirst()).isInstanceOf(Statement.Unread.class);
    assertThat(statements.getLast()).isEqualTo(DROP);
  }

  @Test
  void aMapOfVerdictsIsAChoice() {
    assertThat(rule("iifname vmap { \"eth0\" : jump x, \"lo\" : accept }").statements())
        .singleElement()
        .isInstanceOfSatisfying(
            Statement.Choice.class,
            choice -> {
              assertThat(choice.field()).isEqualTo("meta iifname");
              assertThat(choice.cases().all())
                  .containsExactlyInAnyOrder(
                      new Statement.Case("lo", ACCEPT),
                      new Statement.Case("eth0", verdict(Statement.Kind.JUMP, "x")));
            });
  }

  @Test
  void aHookAndItsPolicyAreRead() {
    library.run(
        "table ip filter { chain FORWARD { type filter hook forward priority 0; policy drop;"
            + " counter jump USER; }; chain USER { return; }; }",
        "make it");
    Ruleset ruleset = kernel.ruleset();
    assertThat(ruleset.tables()).containsExactly("ip filter");
    FilterChain forward = ruleset.chains().getFirst();
    assertThat(forward.family()).isEqualTo("ip");
    assertThat(forward.hook())
        .isEqualTo(Optional.of(new FilterChain.Hook("forward", "filter", 0, List.of(), true)));
    assertThat(ruleset.beside(forward, "USER").orElseThrow().rules())
        .containsExactly(new FilterRule("return", List.of(verdict(Statement.Kind.RETURN, ""))));
  }

  /** Each of its forms is one question: whether there is a way back to the sender. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fib saddr . mark . iif oif missing drop | fib saddr oif | false | missing",
        "fib saddr . iif oif 0 drop | fib saddr oif | false | missing",
        "fib saddr oif exists drop | fib saddr oif | true | missing",
        "fib saddr oifname \"lo\" drop | fib saddr oif | false | lo",
        "fib daddr type local drop | fib daddr type | false | local",
        "fib saddr . iif type != unicast drop | fib saddr type | true | unicast"
      })
  void aQuestionToTheRoutesIsRead(String words, String field, boolean negated, String value) {
    assertThat(rule(words).statements())
        .containsExactly(new Statement.Match(field, negated, List.of(value)), DROP);
  }

  /** A lone flag is a list of one to nft 1.0, and a string to 1.1. */
  @ParameterizedTest
  @ValueSource(strings = {"[\"saddr\"]", "\"saddr\"", "[\"saddr\", \"iif\"]"})
  void flagsOfAQuestionToTheRoutesAreAListOrOne(String flags) {
    String json =
        """
        {"nftables": [
          {"chain": {"family": "inet", "table": "t", "name": "c", "handle": 1}},
          {"rule": {"family": "inet", "table": "t", "chain": "c", "handle": 2, "expr": [
            {"match": {"op": "==", "left": {"fib": {"result": "type", "flags": %s}},
              "right": "local"}}]}}]}
        """
            .formatted(flags);
    FilterRule rule = RulesetReader.read(json, "").chains().getFirst().rules().getFirst();
    assertThat(rule.statements()).containsExactly(match("fib saddr type", "local"));
  }

  /** Each of iptables' matches for a header asks for one, whatever else it asks. */
  @ParameterizedTest
  @ValueSource(strings = {"rt", "frag", "hbh", "dst", "mh", "srh"})
  void iptablesMatchesForHeadersOfIpv6AskForThem(String name) {
    assertThat(XtExpression.read(Map.of("type", "match", "name", name), ""))
        .containsExactly(match(name + " header", "something"));
  }

  @Test
  void theDevicesOfAChainAreRead() {
    library.run(
        "table netdev t { chain one { type filter hook ingress device \"lo\" priority -5; }; chain"
            + " two { type filter hook ingress devices = { lo } priority 7; policy drop; }; }",
        "make it");
    assertThat(kernel.ruleset().chains())
        .extracting(chain -> chain.hook().orElseThrow())
        .containsExactly(
            new FilterChain.Hook("ingress", "filter", -5, List.of("lo"), false),
            new FilterChain.Hook("ingress", "filter", 7, List.of("lo"), true));
  }

  /** As newer libraries write them, and these ones several. */
  @ParameterizedTest
  @ValueSource(strings = {"{ \"eth0\", \"vif*\" }", "{ eth0, vif* }"})
  void severalDevicesOfAChainAreRead(String devices) {
    RuleTexts texts =
        RuleTexts.read(
            "table netdev t { # handle 1\n"
                + "\tchain c { # handle 2\n"
                + "\t\ttype filter hook egress devices = "
                + devices
                + " priority filter + 1; policy accept;\n\t}\n}\n");
    assertThat(texts.devices("netdev t c")).containsExactly("eth0", "vif*");
  }

  /** The JSON has them: a second listing of a long one takes seconds. */
  @Test
  void whatIsInASetWithANameIsNotListedWithTheTexts() {
    rule("tcp dport { 22, 23 } ip saddr @bad drop");
    assertThat(library.tellNumbered("list ruleset", "list it"))
        .contains("tcp dport { 22, 23 } ip saddr @bad drop # handle")
        .doesNotContain("10.1.0.0/16");
  }

  /** A long set is listed over several lines. */
  @Test
  void aRulesTextIsWhole() {
    String ports = "{ 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10000, 11000 }";
    assertThat(rule("tcp dport " + ports + " counter drop comment \"no\"").text())
        .isEqualTo("tcp dport " + ports + " counter drop comment \"no\"");
  }

  /** Of iptables' own matches the JSON has the names alone. */
  @Test
  void iptablesMatchesAreTakenFromTheText() {
    String json =
        """
        {"nftables": [
          {"chain": {"family": "ip", "table": "filter", "name": "F", "handle": 1}},
          {"rule": {"family": "ip", "table": "filter", "chain": "F", "handle": 5, "expr": [
            {"xt": {"type": "match", "name": "conntrack"}}, {"accept": null}]}},
          {"rule": {"family": "ip", "table": "filter", "chain": "F", "handle": 6, "expr": [
            {"xt": {"type": "match", "name": "conntrack"}}, {"accept": null}]}},
          {"rule": {"family": "ip", "table": "filter", "chain": "F", "handle": 7, "expr": [
            {"xt": {"type": "match", "name": "physdev"}}, {"accept": null}]}},
          {"rule": {"family": "ip", "table": "filter", "chain": "F", "handle": 8, "expr": [
            {"xt": {"type": "match", "name": "rt"}}, {"accept": null}]}}]}
        """;
    String listing =
        "table ip filter { # handle 1\n\tchain F { # handle 1\n"
            + "\t\tct state related,established counter accept # handle 5\n"
            + "\t\tct status dnat counter accept # handle 6\n"
            + "\t\txt match physdev counter accept # handle 7\n"
            + "\t\trt type 0 counter accept # handle 8\n\t}\n}\n";
    List<FilterRule> rules = RulesetReader.read(json, listing).chains().getFirst().rules();
    assertThat(rules.getFirst().statements())
        .containsExactly(match("ct state", "related", "established"), ACCEPT);
    assertThat(rules.get(1).statements())
        .containsExactly(match("ct status, perhaps", "dnat"), ACCEPT);
    assertThat(rules.get(2).statements()).containsExactly(new Statement.Unread("physdev"), ACCEPT);
    assertThat(rules.getLast().statements())
        .containsExactly(match("rt header", "something"), ACCEPT);
  }

  /** As iptables 1.8.9 makes them: a comment asks nothing, and REJECT is a target of its own. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reject with icmp type host-prohibited | comment | REJECT | [Verdict[kind=REJECT,"
            + " target=]]",
        "queue num 0 | comment | NFQUEUE | [Verdict[kind=QUEUE, target=]]",
        "redirect to :3128 | comment | REDIRECT | [Verdict[kind=REDIRECT, target=]]",
        "dnat to 10.0.0.1:80 | comment | DNAT | [Verdict[kind=DNAT, target=]]",
        "masquerade | comment | MASQUERADE | [Verdict[kind=MASQUERADE, target=]]",
        "log prefix \"ct state new\" | comment | LOG | []",
        "fib daddr type local | addrtype | MARK | [Match[field=fib daddr type, negated=false,"
            + " values=[local]]]",
        "fib daddr . iif type != { local, broadcast } | addrtype | MARK | [Match[field=fib daddr"
            + " type, negated=true, values=[local, broadcast]]]",
        "tcp dport { 22, 80-90 } | multiport | MARK | [Match[field=tcp dport, negated=false,"
            + " values=[22, 80-90]]]",
        "tcp dport != 22 | multiport | MARK | [Match[field=tcp dport, negated=true, values=[22]]]",
        "udp sport . udp dport { 0-65535 . 67, 67 . 0-65535 } | multiport | MARK |"
            + " [Match[field=udp sport . udp dport, negated=false, values=[0-65535 . 67,"
            + " 67 . 0-65535]]]",
        "udp dport 67 | udp | MARK | [Match[field=udp dport, negated=false, values=[67]]]",
        "tcp dport 22 tcp option 5 exists | tcp | MARK | [Match[field=tcp dport, negated=false,"
            + " values=[22]], Unread[what=tcp dport 22 tcp option 5 exists]]",
        "ct state new ct status dnat | conntrack | MARK | [Match[field=ct state, negated=false,"
            + " values=[new]], Match[field=ct status, perhaps, negated=false, values=[dnat]]]",
        "ct state new ct direction original | conntrack | MARK | [Match[field=ct state,"
            + " negated=false, values=[new]], Unread[what=ct state new ct direction original]]"
      })
  void whatIptablesHasOfItsOwnIsTakenFromTheText(
      String words, String match, String target, String statements) {
    String json =
        """
        {"nftables": [
          {"chain": {"family": "ip", "table": "filter", "name": "F", "handle": 1}},
          {"rule": {"family": "ip", "table": "filter", "chain": "F", "handle": 5, "expr": [
            {"xt": {"type": "match", "name": "%s"}}, {"xt": {"type": "target", "name": "%s"}}]}}]}
        """
            .formatted(match, target);
    String listing =
        "table ip filter { # handle 1\n\tchain F { # handle 1\n\t\t"
            + words
            + " # handle 5\n\t}\n}\n";
    FilterRule rule = RulesetReader.read(json, listing).chains().getFirst().rules().getFirst();
    assertThat(rule.statements()).hasToString(statements);
  }

  @Test
  void fieldsThatAreAskedTogetherAreOne() {
    assertThat(rule("iifname . tcp dport { \"eth0\" . 22 } accept").statements())
        .containsExactly(match("meta iifname . tcp dport", "eth0 . 22"), ACCEPT);
  }

  @Test
  void aChoiceMayBeBySeveralFields() {
    assertThat(rule("iifname . oifname vmap { \"eth0\" . \"lo\" : drop }").statements())
        .containsExactly(
            new Statement.Choice(
                "meta iifname . meta oifname", List.of(new Statement.Case("eth0 . lo", DROP))));
  }

  /** A verdict that may be had is not lost with what it depends on. */
  @Test
  void aChoiceByWhatIsNotUnderstoodKeepsItsVerdicts() {
    assertThat(rule("numgen random mod 2 vmap { 0 : drop, 1 : jump x }").statements())
        .singleElement()
        .isInstanceOfSatisfying(
            Statement.Choice.class,
            choice ->
                assertThat(choice.cases().all())
                    .extracting(Statement.Case::verdict)
                    .containsExactlyInAnyOrder(DROP, verdict(Statement.Kind.JUMP, "x")));
  }

  /** As `iptables -t mangle` has it. */
  @Test
  void aChainThatMayChangeTheRouteFiltersToo() {
    library.run("table ip m { chain o { type route hook output priority -150; }; }", "make it");
    assertThat(kernel.ruleset().filters("output"))
        .extracting(FilterChain::name)
        .containsExactly("o");
  }

  /** The list of whom somebody blocks: its time grows as it does. */
  @Test
  @Timeout(20)
  void aSetOfAHundredThousandIsRead() {
    String elements = "\t\t\t     192.0.2.1, 192.0.2.2,\n".repeat(50_000);
    RuleTexts texts =
        RuleTexts.read(
            "table ip t { # handle 1\n\tset s { # handle 2\n\t\telements = { "
                + elements
                + "\t}\n\tchain c { # handle 3\n\t\tdrop # handle 4\n\t}\n}\n");
    assertThat(texts.rule("ip t", "4")).contains("drop");
  }
}
