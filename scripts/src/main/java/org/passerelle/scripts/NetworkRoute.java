package org.passerelle.scripts;

import java.util.List;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.natroute.RoutedGuest;

/** {@code network-route start|stop|status}: dom0 forwards, and answers outside for its guests. */
public final class NetworkRoute extends ForwardingScript {
  private static final Usage USAGE =
      Usage.ofNetwork(
          "network-route",
          "Makes dom0 a router that answers outside for its guests.",
          List.of(
              UsageTables.ROUTED_NETDEV,
              UsageTables.FORWARDED_IPV6,
              UsageTables.LIMITING,
              UsageTables.GUARDING));

  public NetworkRoute() {
    super(USAGE, true);
  }

  @Override
  void addMore(PlanSteps steps, ScriptArguments arguments) {
    // The settings are all.
  }

  @Override
  void removeMore(PlanSteps steps, ScriptArguments arguments) {
    // The settings are all.
  }

  @Override
  void addFacts(ForwardingFacts facts, Host host, ScriptArguments arguments) {
    // The settings are all.
  }

  @Override
  List<RoutedGuest> guests(Host host) {
    return RoutedGuest.routed(host);
  }
}
