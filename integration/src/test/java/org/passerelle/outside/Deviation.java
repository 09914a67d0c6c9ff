package org.passerelle.outside;

import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Where vif-bridge does not do as Xen's own, on purpose: {@code scripts/DEVIATIONS.md} has the
 * reasons. Each says in which scenarios, and what follows, as strictly as it can: ours does what
 * the original does in another scenario, and only these facts differ.
 */
enum Deviation {
  NO_LINK_LOCAL(
      scenario -> true,
      scenario -> scenario,
      "(link \\S+ inet6_addr_gen_mode = |after .*/addr_gen_mode:|(address|route) .*fe80:).*"),
  BRIDGE_FOUND(
      scenario -> !scenario.isBridgeNamed(scenario.last()) && !scenario.anyBridge().isEmpty(),
      scenario -> scenario.with("bridge", scenario.anyBridge()),
      "store \\S+/bridge = .*"),
  FROM_ITS_BRIDGE(
      scenario -> scenario.releases(scenario.last()) && !scenario.master().isEmpty(),
      scenario -> scenario.with("bridge", scenario.master()),
      "store \\S+/bridge = .*"),
  OWN_NAME(
      scenario -> scenario.isNamed() && scenario.name().equals(scenario.device()),
      scenario -> scenario.without("vifname"),
      "store \\S+/vifname = .*"),
  UNDONE(
      scenario ->
          scenario.isNamed()
              && scenario.attaches(0)
              && !scenario.canAttach(0)
              && !scenario.isNameTaken(),
      scenario -> scenario.without("vifname"),
      "store \\S+/vifname = .*"),
  AGAIN(
      scenario -> scenario.isNamed() && scenario.canAttach(0) && scenario.attaches(1),
      VifScenario::withFirstCallOnly,
      "(after call 2 .*|call 2 (ended with 0|wrote .*/(mtu|hotplug-status)))"),
  GUEST_TOLD(
      scenario -> scenario.isNamed() && scenario.canAttach(0),
      scenario -> scenario,
      "(store|call \\d wrote) /local/domain/(web0|7/device/vif/0/mtu).*"),
  FIRST_NAME_KEPT(
      scenario -> scenario.isNamed() && scenario.canAttach(0),
      scenario -> scenario,
      "link web0\\S* ifalias = vif7\\.0.*"),
  SAID(
      scenario -> scenario.attaches(0) && !scenario.hasDevice(),
      scenario -> scenario,
      "(store \\S+/hotplug-(status|error) =|call \\d (ended with|wrote \\S+/hotplug-)).*"),
  RELEASED_ALL_THE_SAME(
      scenario ->
          scenario.releases(scenario.last()) && !scenario.hasLink(scenario.bridge(scenario.last())),
      scenario -> scenario,
      "(store \\S+/hotplug-(status|error) =|call \\d (ended with|wrote \\S+/hotplug-)"
          + "|link (vif7\\.0|web0|guest7)\\S* (flags|operstate) =).*"),
  BY_FIRST_NAME(
      scenario -> scenario.isNamed() && scenario.releases(0),
      scenario -> scenario.without("vifname"),
      "store \\S+/vifname = .*"),
  NOT_ANOTHERS(
      scenario -> scenario.hasStranger() && scenario.releases(scenario.last()),
      scenario -> scenario,
      "link (vif7\\.0|web0|guest7|other)\\S* .*");

  private final Predicate<VifScenario> applies;
  private final UnaryOperator<VifScenario> instead;
  private final Pattern differences;

  Deviation(
      Predicate<VifScenario> applies, UnaryOperator<VifScenario> instead, String differences) {
    this.applies = applies;
    this.instead = instead;
    this.differences = Pattern.compile("[-+] (" + differences + ")", Pattern.DOTALL);
  }

  /** Whether it does, given what those before make of the scenario. */
  boolean applies(VifScenario scenario) {
    return applies.test(scenario);
  }

  /** What the original is to do for comparison. */
  VifScenario instead(VifScenario scenario) {
    return instead.apply(scenario);
  }

  boolean explains(String difference) {
    return differences.matcher(difference).matches();
  }
}
