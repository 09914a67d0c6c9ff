package org.passerelle.scripts;

import org.passerelle.link.plan.Configuration;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.Link;
import org.passerelle.natroute.RoutedGuest;

/** Dom0's addresses at a vif in route or NAT mode, which vif-bridge is asked to release. */
record RouterAddresses(VifRun run, VifDevice vif) {

  /** Plans that they go, from a view of before the vif goes down, as its routes do with it. */
  Plan without(Host host) {
    PlanSteps steps = new PlanSteps(host);
    vif.ifThere(host).filter(link -> isRouted(host, link)).ifPresent(link -> remove(steps, link));
    return steps.build();
  }

  /** Other addresses are an administrator's. */
  private boolean isRouted(Host host, Link link) {
    return !host.isBridgePort(link) && (isMarked() || RoutedGuest.isBy(host, link));
  }

  private boolean isMarked() {
    return run.forwardMark().isSet() || run.leaseMark().isSet() || run.waysMark().isSet();
  }

  private static void remove(PlanSteps steps, Link link) {
    steps.addAll(
        Configuration.ofAddresses(steps.host(), link).onlyIpv4().removeAddresses(link.name()),
        "dom0 is no router there any more");
  }
}
