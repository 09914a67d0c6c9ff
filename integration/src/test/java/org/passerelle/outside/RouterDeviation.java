package org.passerelle.outside;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Where vif-route and vif-nat do not do as Xen's own. */
enum RouterDeviation implements OnPurpose {
  OWN_NAME(
      scenario -> scenario.isNamed() && scenario.name().equals(scenario.device()),
      scenario -> scenario.without("vifname"),
      (scenario, facts) -> facts,
      "\\+ store \\S+/vifname = .*"),
  NEEDS_LESS(
      scenario ->
          isNat(scenario) && !scenario.nodes().containsKey("frontend-id") && hasIp(scenario),
      scenario -> scenario.with("frontend-id", "7"),
      (scenario, facts) -> facts,
      "- store \\S+/frontend-id = 7"),
  IPV6(
      scenario -> ip(scenario).contains(":"),
      scenario -> scenario.with("ip", "10.0.0.2"),
      (scenario, facts) -> facts,
      "[-+] store \\S+/ip = .*|\\+ route \\{dev=(vif7\\.0|web0)(-emu)?, dst=2001:db8::7, .*"),
  SEVERAL(
      scenario -> isNat(scenario) && ip(scenario).contains(" "),
      scenario -> scenario.with("ip", "10.0.0.2"),
      (scenario, facts) -> facts,
      "[-+] store \\S+/ip = .*|\\+ address .*local=10\\.0\\.1\\.128.*"
          + "|\\+ route \\{dev=(vif7\\.0|web0), dst=10\\.0\\.1\\.(1|128), .*"),
  ABOVE_127(
      scenario -> isNat(scenario) && ip(scenario).equals("10.0.0.200"),
      scenario -> scenario.with("ip", "10.0.0.73"),
      (scenario, facts) -> swapped(facts, "10.0.0.73", "10.0.0.200"),
      RouterDeviation.NOTHING),
  HAS_AN_ADDRESS(
      scenario -> isNat(scenario) && canAttach(scenario) && hasRoute(scenario),
      scenario -> scenario.withoutLink(RouterDeviation.address(scenario)),
      (scenario, facts) -> facts,
      "\\+ (address|route) .*(dev=|\\[)(vif7\\.0|web0),.*169\\.254\\..*"),
  BY_FIRST_NAME(
      scenario -> scenario.isNamed() && scenario.releases(0),
      scenario -> scenario.without("vifname"),
      (scenario, facts) -> facts,
      "\\+ store \\S+/vifname = .*"),
  UNDONE(
      scenario ->
          scenario.isNamed()
              && scenario.attaches(0)
              && !scenario.isNameTaken()
              && !canAttach(scenario),
      scenario -> scenario.without("vifname"),
      (scenario, facts) -> facts,
      "\\+ store \\S+/vifname = .*"),
  NOT_ANOTHERS(
      scenario -> scenario.hasStranger() && scenario.hasDevice() && scenario.releases(1),
      VifScenario::withFirstCallOnly,
      (scenario, facts) ->
          OnPurpose.with(OnPurpose.twice(facts, "after call 1"), "call 2 ended with 0"),
      RouterDeviation.TAKEN_DOWN + RouterDeviation.TAKEN_OFF),
  AGAIN(
      scenario -> scenario.attaches(1),
      VifScenario::withFirstCallOnly,
      (scenario, facts) -> OnPurpose.twice(facts, "call 1"),
      RouterDeviation.NOTHING),
  NO_BROADCAST(
      scenario -> !isNat(scenario) && canAttach(scenario),
      UnaryOperator.identity(),
      (scenario, facts) -> withoutBroadcast(facts),
      "- route \\{dev=(vif7\\.0|web0).*, type=3\\}"),
  FIRST_NAME_KEPT(
      scenario -> scenario.isNamed() && !scenario.isNameTaken() && scenario.attaches(0),
      UnaryOperator.identity(),
      (scenario, facts) ->
          OnPurpose.with(facts, "link " + scenario.name() + " ifalias = " + scenario.device()),
      RouterDeviation.NOTHING),
  SAID(
      scenario -> scenario.attaches(0) && !canAttach(scenario),
      UnaryOperator.identity(),
      (scenario, facts) -> facts,
      "- (store \\S+/hotplug-error = .*(failed; error detected\\.|failed)"
          + "|call \\d wrote \\S+/hotplug-(error|status))"
          + "|\\+ store \\S+/hotplug-error = (Could not find device .*|\\w+ is not up\\. .*"
          + "|.*/frontend-id is not there)"),
  RELEASED(
      scenario -> scenario.releases(scenario.last()),
      UnaryOperator.identity(),
      (scenario, facts) -> facts,
      RouterDeviation.TAKEN_DOWN + RouterDeviation.TAKEN_OFF),
  RELEASED_ALL_THE_SAME(
      scenario -> scenario.releases(scenario.last()) && !isKnown(scenario, scenario.last()),
      UnaryOperator.identity(),
      (scenario, facts) -> facts,
      "- (store \\S+/hotplug-(status|error) =.*|call \\d (ended with 1|wrote \\S+/hotplug-.*))"
          + "|\\+ (store \\S+/hotplug-(status|error) = .*|call \\d ended with 0)");

  private static final String NOTHING = "";

  /** The vif, by whichever name, is down in ours. */
  private static final String TAKEN_DOWN =
      "- link (vif7\\.0|web0|guest7)\\S* (flags|operstate) = .*"
          + "|\\+ link guest7\\S* (flags|operstate) = .*"
          + "|\\+ link (vif7\\.0|web0)\\S* (operstate = DOWN|flags = (?!.*\\bUP\\b).*)";

  /** It has no address, and no route that comes with one. */
  private static final String TAKEN_OFF =
      "|- address \\[(vif7\\.0|web0)(-emu)?, .*|- route \\{dev=(vif7\\.0|web0).*";

  private static boolean isNat(VifScenario scenario) {
    return scenario.calls().getFirst().getFirst().equals("vif-nat");
  }

  private static String address(VifScenario scenario) {
    return "address add 169.254.7.1/16 dev " + scenario.device();
  }

  /** A vif that is up and has an address has the route that comes with it; a tap is not asked. */
  private static boolean hasRoute(VifScenario scenario) {
    return scenario.links().contains("link set " + scenario.device() + " up")
        && scenario.links().contains(address(scenario))
        && !scenario.environment().containsKey("INTERFACE");
  }

  private static String ip(VifScenario scenario) {
    return scenario.nodes().getOrDefault("ip", scenario.environment().getOrDefault("ip", ""));
  }

  private static boolean hasIp(VifScenario scenario) {
    return !ip(scenario).isEmpty();
  }

  /** Whether all is there that a call needs to know. */
  private static boolean isKnown(VifScenario scenario, int call) {
    if (isNat(scenario)) {
      return hasIp(scenario) || scenario.nodes().containsKey("frontend-id");
    }
    String netdev =
        scenario.calls().get(call).stream()
            .filter(word -> word.startsWith("netdev="))
            .map(word -> word.substring("netdev=".length()))
            .findFirst()
            .orElse(scenario.environment().getOrDefault("netdev", "eth0"));
    return scenario.hasLink(netdev);
  }

  private static boolean canAttach(VifScenario scenario) {
    return scenario.attaches(0)
        && scenario.hasDevice()
        && !scenario.isNameTaken()
        && isKnown(scenario, 0);
  }

  private static List<String> swapped(List<String> facts, String one, String other) {
    return facts.stream()
        .map(fact -> fact.replace(one, "?").replace(other, one).replace("?", other))
        .toList();
  }

  private static List<String> withoutBroadcast(List<String> facts) {
    return facts.stream()
        .map(
            fact ->
                fact.matches("address \\[(vif7\\.0|web0).*")
                    ? fact.replaceFirst("broadcast=[0-9.]+, ", "")
                    : fact)
        .toList();
  }

  private final Terms terms;

  RouterDeviation(
      Predicate<VifScenario> applies,
      UnaryOperator<VifScenario> instead,
      BiFunction<VifScenario, List<String>, List<String>> expected,
      String left) {
    this.terms = new Terms(applies, instead, expected, Pattern.compile(left, Pattern.DOTALL));
  }

  @Override
  public Terms terms() {
    return terms;
  }
}
