package org.passerelle.outside;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Where vif-bridge does not do as Xen's own. */
enum Deviation implements OnPurpose {
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
      (scenario, facts) -> OnPurpose.twice(facts, "call 1"),
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
          OnPurpose.with(facts, "link " + scenario.name() + " ifalias = " + scenario.device()),
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
      (scenario, facts) ->
          OnPurpose.with(OnPurpose.twice(facts, "after call 1"), "call 2 ended with 0"),
      Deviation.TAKEN_DOWN);

  private static final String NOTHING = "";

  /** The vif, by whichever name, is down in ours. */
  private static final String TAKEN_DOWN =
      "- link (vif7\\.0|web0|guest7)\\S* (flags|operstate) = .*"
          + "|\\+ link guest7\\S* (flags|operstate) = .*"
          + "|\\+ link (vif7\\.0|web0)\\S* (operstate = DOWN|flags = (?!.*\\bUP\\b).*)";

  private final Terms terms;

  Deviation(
      Predicate<VifScenario> applies,
      UnaryOperator<VifScenario> instead,
      BiFunction<VifScenario, List<String>, List<String>> expected,
      String left) {
    this.terms = new Terms(applies, instead, expected, Pattern.compile(left, Pattern.DOTALL));
  }

  /** Not in that of a domain which is called like the vif. */
  private static List<String> inGuestsDirectory(List<String> facts) {
    return facts.stream()
        .map(fact -> fact.replace("/local/domain/web0/device/vif/web0/mtu", MTU))
        .filter(fact -> !fact.contains("/local/domain/web0"))
        .toList();
  }

  private static final String MTU = "/local/domain/7/device/vif/0/mtu";

  @Override
  public Terms terms() {
    return terms;
  }
}
