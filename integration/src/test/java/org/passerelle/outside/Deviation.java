package org.passerelle.outside;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Where vif-bridge does not do as Xen's own, on purpose: {@code scripts/DEVIATIONS.md} has the
 * reasons. Each says in which scenarios, and what follows, as strictly as it can: ours comes to
 * what the original comes to in another scenario, with some facts changed; only the differences
 * named last may be left.
 */
enum Deviation {
  NO_LINK_LOCAL(
      scenario -> scenario.attaches(0),
      UnaryOperator.identity(),
      (scenario, facts) -> facts,
      "[-+] (link (vif7\\.0|web0)(-emu)? inet6_addr_gen_mode = (eui64|none)"
          + "|after call \\d ipv6/conf/(vif7\\.0|web0)(-emu)?/addr_gen_mode:[01])"),
  BRIDGE_FOUND(
      scenario -> !scenario.isBridgeNamed(scenario.last()) && !scenario.anyBridge().isEmpty(),
      scenario -> scenario.with("bridge", scenario.anyBridge()),
      (scenario, facts) -> facts,
      "- store \\S+/bridge = .*"),
  FROM_ITS_BRIDGE(
      scenario -> scenario.releases(scenario.last()) && !scenario.master().isEmpty(),
      scenario -> scenario.with("bridge", scenario.master()),
      (scenario, facts) -> facts,
      "[-+] store \\S+/bridge = .*"),
  OWN_NAME(
      scenario -> scenario.isNamed() && scenario.name().equals(scenario.device()),
      scenario -> scenario.without("vifname"),
      (scenario, facts) -> facts,
      "\\+ store \\S+/vifname = .*"),
  UNDONE(
      scenario ->
          scenario.isNamed()
              && scenario.attaches(0)
              && !scenario.canAttach(0)
              && !scenario.isNameTaken(),
      scenario -> scenario.without("vifname"),
      (scenario, facts) -> facts,
      "\\+ store \\S+/vifname = .*"),
  AGAIN(
      scenario -> scenario.isNamed() && scenario.canAttach(0) && scenario.attaches(1),
      VifScenario::withFirstCallOnly,
      (scenario, facts) -> twice(facts, "call 1"),
      Deviation.NOTHING),
  GUEST_TOLD(
      scenario -> scenario.isNamed() && scenario.canAttach(0),
      UnaryOperator.identity(),
      (scenario, facts) -> inGuestsDirectory(facts),
      Deviation.NOTHING),
  FIRST_NAME_KEPT(
      scenario -> scenario.isNamed() && scenario.canAttach(0),
      UnaryOperator.identity(),
      (scenario, facts) ->
          with(facts, "link " + scenario.name() + " ifalias = " + scenario.device()),
      Deviation.NOTHING),
  SAID(
      scenario -> scenario.attaches(0) && !scenario.hasDevice(),
      UnaryOperator.identity(),
      (scenario, facts) -> facts,
      "- (store \\S+/hotplug-(status|error) =|call \\d wrote \\S+/hotplug-).*"
          + "|\\+ call \\d wrote \\S+/hotplug-(status|error)"
          + "|\\+ store \\S+/hotplug-(status = error|error = Could not find (device|bridge) .*)"),
  RELEASED_ALL_THE_SAME(
      scenario ->
          scenario.releases(scenario.last()) && !scenario.hasLink(scenario.bridge(scenario.last())),
      UnaryOperator.identity(),
      (scenario, facts) -> facts,
      Deviation.TAKEN_DOWN
          + "|- (store \\S+/hotplug-(status|error) =|call \\d (ended with 1|wrote \\S+/hotplug-)).*"
          + "|\\+ (store \\S+/hotplug-status = (connected|error)?|call \\d ended with 0)"),
  BY_FIRST_NAME(
      scenario -> scenario.isNamed() && scenario.releases(0),
      scenario -> scenario.without("vifname"),
      (scenario, facts) -> facts,
      "\\+ store \\S+/vifname = .*"),
  NOT_ANOTHERS(
      scenario -> scenario.hasStranger() && scenario.releases(1),
      VifScenario::withFirstCallOnly,
      (scenario, facts) -> with(twice(facts, "after call 1"), "call 2 ended with 0"),
      Deviation.TAKEN_DOWN);

  private static final String NOTHING = "";

  /** The vif, by whichever name, is down in ours. */
  private static final String TAKEN_DOWN =
      "- link (vif7\\.0|web0|guest7)\\S* (flags|operstate) = .*"
          + "|\\+ link guest7\\S* (flags|operstate) = .*"
          + "|\\+ link (vif7\\.0|web0)\\S* (operstate = DOWN|flags = (?!.*\\bUP\\b).*)";

  private final Predicate<VifScenario> applies;
  private final UnaryOperator<VifScenario> instead;
  private final BiFunction<VifScenario, List<String>, List<String>> expected;
  private final Pattern left;

  Deviation(
      Predicate<VifScenario> applies,
      UnaryOperator<VifScenario> instead,
      BiFunction<VifScenario, List<String>, List<String>> expected,
      String left) {
    this.applies = applies;
    this.instead = instead;
    this.expected = expected;
    this.left = Pattern.compile(left, Pattern.DOTALL);
  }

  private static List<String> with(List<String> facts, String more) {
    List<String> all = new ArrayList<>(facts);
    all.add(more);
    return all;
  }

  /** What is said of the first call is so after the second. */
  private static List<String> twice(List<String> facts, String call) {
    List<String> all = new ArrayList<>(facts);
    facts.stream()
        .filter(fact -> fact.contains(call))
        .map(fact -> fact.replace("call 1", "call 2"))
        .forEach(all::add);
    return all;
  }

  /** Not in that of a domain which is called like the vif. */
  private static List<String> inGuestsDirectory(List<String> facts) {
    return facts.stream()
        .map(fact -> fact.replace("/local/domain/web0/device/vif/web0/mtu", MTU))
        .filter(fact -> !fact.contains("/local/domain/web0"))
        .toList();
  }

  private static final String MTU = "/local/domain/7/device/vif/0/mtu";

  /** Whether it does, given what those before make of the scenario. */
  boolean applies(VifScenario scenario) {
    return applies.test(scenario);
  }

  /** What the original is to do for comparison. */
  VifScenario instead(VifScenario scenario) {
    return instead.apply(scenario);
  }

  /** What is to be so after ours, of what is so after the original. */
  List<String> expected(VifScenario scenario, List<String> facts) {
    return expected.apply(scenario, facts);
  }

  boolean explains(String difference) {
    return left.matcher(difference).matches();
  }
}
