package org.passerelle.scripts;

import org.passerelle.link.plan.PlanSteps;
import org.passerelle.natroute.Forwarding;
import org.passerelle.natroute.Masquerade;

/**
 * {@code network-nat start|stop|status}: dom0 forwards, and its guests are seen outside in its
 * name. Keys: {@code netdev} (eth0), {@code ipv6} (yes where netdev has a global IPv6 address),
 * {@code antispoof} (no), {@code services} (any: what guests reach of dom0).
 */
public final class NetworkNat extends ForwardingScript {

  public NetworkNat() {
    super("network-nat", false);
  }

  @Override
  void addMore(PlanSteps steps, Forwarding forwarding) {
    new Masquerade(forwarding.netdev()).addMissing(steps);
  }

  @Override
  void removeMore(PlanSteps steps, String netdev) {
    new Masquerade(netdev).remove(steps);
  }
}
