package org.passerelle.scripts;

import java.util.Optional;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.link.plan.SetLink;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.Link;

/**
 * The bridge that vif-bridge made a vif a port of, where a script releases it that knows none. Its
 * VLANs go before, which are known by it.
 */
record BridgePort(VifDevice vif) implements Leftover {
  @Override
  public boolean isThere(Host host) {
    return port(host).isPresent();
  }

  private Optional<Link> port(Host host) {
    return vif.ifThere(host).filter(host::isBridgePort);
  }

  @Override
  public Plan without(Host host) {
    PlanSteps steps = new PlanSteps(host);
    port(host).ifPresent(link -> steps.add(SetLink.noMaster(link.name()), "no port any more"));
    return steps.build();
  }

  /** There is no mark: the link itself tells. */
  @Override
  public void forget() {}

  @Override
  public String words() {
    return "it is a port of its bridge";
  }
}
