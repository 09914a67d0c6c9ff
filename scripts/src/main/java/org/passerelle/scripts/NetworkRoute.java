package org.passerelle.scripts;

import java.util.List;
import java.util.Set;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.natroute.RoutedGuest;

/**
 * {@code network-route start|stop|status}: dom0 forwards, and answers outside for its guests. Keys:
 * {@code netdev} (eth0), {@code ipv6} (yes where netdev has a global IPv6 address), {@code
 * antispoof} (no), {@code services} (any: what guests reach of dom0).
 */
public final class NetworkRoute extends ForwardingScript {

  public NetworkRoute() {
    super("network-route", Set.of(NETDEV, IPV6, HostAntispoof.KEY, HostServices.KEY), true);
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
