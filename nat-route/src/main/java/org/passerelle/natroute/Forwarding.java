package org.passerelle.natroute;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.SetSysctl;
import org.passerelle.link.plan.Step;
import org.passerelle.link.plan.Uplink;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.Route;

/**
 * The host's part of both modes: it forwards, and in route mode answers outside for its guests.
 *
 * @param netdev the way out
 * @param answers whether it answers there for others
 * @param withIpv6 IPv6 too
 */
public record Forwarding(String netdev, boolean answers, boolean withIpv6) {
  /** RTPROT_RA: a route that a router announced. */
  private static final int ANNOUNCED = 9;

  /** Whether there is an IPv6 address on the way out that is seen outside. */
  public static boolean hasIpv6(Host host, String netdev) {
    return host.addresses(netdev).stream()
        .anyMatch(a -> a.local().isV6() && a.scope() == Route.SCOPE_UNIVERSE);
  }

  /** Throws RefusedException when the way out is not there, or leads elsewhere. */
  public void check(Host host) {
    Uplink.check(
        VifDevice.exactly(host, netdev)
            .orElseThrow(
                () ->
                    new RefusedException(
                        "there is no device "
                            + netdev
                            + "; name the one that leads outside with netdev=")));
  }

  /** All that must be so, in an order that leaves dom0 its own IPv6 routes. */
  public List<Step> wanted(Host host) {
    List<Step> wanted = new ArrayList<>();
    wanted.add(new Step(SetSysctl.forwardIpv4(), "packets pass from one device to another"));
    if (answers) {
      wanted.add(
          new Step(
              SetSysctl.of(netdev, SetSysctl.IPV4, "proxy_arp", "1"),
              "outside, dom0 answers for its guests"));
    }
    if (withIpv6) {
      addIpv6(host, wanted);
    }
    return wanted;
  }

  private void addIpv6(Host host, List<Step> wanted) {
    for (String device : announced(host)) {
      SetSysctl accept = SetSysctl.of(device, SetSysctl.IPV6, "accept_ra", "2");
      if (!accept.present(host).orElse("0").equals("0")) {
        wanted.add(
            new Step(accept, "a router takes no announcements, and would lose its own route"));
      }
    }
    wanted.add(new Step(SetSysctl.forwardIpv6(), "the same for IPv6"));
    if (answers) {
      wanted.add(
          new Step(
              SetSysctl.of(netdev, SetSysctl.IPV6, "proxy_ndp", "1"),
              "outside, dom0 answers for its guests"));
    }
  }

  /** Devices with a route that goes when this host becomes a router (rt6_purge_dflt_routers). */
  private static Set<String> announced(Host host) {
    return host.routes().stream()
        .filter(route -> route.isV6() && route.protocol() == ANNOUNCED)
        .map(Route::device)
        .filter(device -> !device.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Adds what is not so yet. */
  public void addMissing(PlanSteps steps) {
    for (Step step : wanted(steps.host())) {
      steps.set((SetSysctl) step.operation(), step.reason());
    }
  }
}
