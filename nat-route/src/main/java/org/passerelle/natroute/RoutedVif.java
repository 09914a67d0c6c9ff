package org.passerelle.natroute;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.list.Lists;
import org.passerelle.link.plan.AddNeighbour;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.AddressFlags;
import org.passerelle.link.rtnl.Neighbour;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.wire.IpPrefix;

/**
 * The plans of {@code vif-route}: dom0 has its main address on the vif too, and a route to each of
 * the guest's. An IPv6 guest's router is the vif's link-local address; outside, dom0 answers for it
 * on the way out, which IPv6 wants to be told for each address.
 *
 * @param uplink the device whose address is dom0's main one, {@code netdev}
 * @param metric of the routes: an emulated NIC's is better than its vif's, until the vif is used
 * @param before the ways of IPv6 that the vif's scripts have made
 */
public record RoutedVif(
    VifDevice vif, GuestAddresses guest, String uplink, long metric, List<Ipv6Way> before) {

  /** Plans the attachment; empty when all is so already. */
  public Plan attach(Host host, boolean live) {
    VifSteps steps = new VifSteps(host, vif, live);
    new Unfit(host, vif.find(host).name(), steps::isOwn).refuse(guest);
    Optional<InetAddress> main =
        guest.isOnlyIpv6() ? Optional.empty() : Optional.of(mainAddress(host));
    List<Route> routes = routes(host, steps.device(), main);
    steps.noRoutes(steps.left(before, routes));
    List<Ipv6Way> ways = ways(host);
    Ipv6Way.unanswer(steps, Lists.filter(before, way -> !ways.contains(way)));
    main.ifPresent(address -> steps.address(address, uplink + "'s address, here for this guest"));
    steps.routerOf(guest.reachable(host, vif));
    steps.up();
    for (Route route : routes) {
      steps.route(route);
      if (isAnsweredFor(route.destination())) {
        answer(steps, route.destination().address());
      }
    }
    steps.noAddresses(
        own -> !main.equals(Optional.of(own)), "the vif has dom0's main address alone");
    return steps.build();
  }

  private List<Route> routes(Host host, String device, Optional<InetAddress> main) {
    return Lists.map(
        guest.reachable(host, vif),
        one -> Route.onLink(one, device, main.filter(_ -> !one.isV6()), metric));
  }

  /** The ways of IPv6 that an attachment makes. */
  public List<Ipv6Way> ways(Host host) {
    return Lists.map(
        Lists.filter(guest.reachable(host, vif), IpPrefix::isV6),
        one -> new Ipv6Way(one, Optional.of(uplink).filter(_ -> isAnsweredFor(one))));
  }

  /** For a whole IPv6 network nobody can answer: whoever is outside must route it to dom0. */
  private static boolean isAnsweredFor(IpPrefix one) {
    return one.isV6() && one.isSingle();
  }

  private void answer(PlanSteps steps, InetAddress address) {
    Neighbour proxy = Neighbour.proxy(uplink, address);
    boolean there = Lists.any(steps.host().neighbours(uplink), proxy::isSame);
    if (!there && VifDevice.exactly(steps.host(), uplink).isPresent()) {
      steps.add(AddNeighbour.of(proxy), "outside, dom0 answers for the guest");
    }
  }

  private InetAddress mainAddress(Host host) {
    return Lists.first(
            host.addresses(uplink),
            address -> !address.local().isV6() && (address.flags() & AddressFlags.SECONDARY) == 0)
        .map(address -> address.local().address())
        .orElseThrow(
            () ->
                new RefusedException(
                    uplink
                        + " is not up.  Bring it up or specify another interface with"
                        + "  netdev=<if> as a parameter to vif-route."));
  }

  /** Plans the release; of a vif that is gone, what it left elsewhere. */
  public Plan detach(Host host) {
    PlanSteps steps = new PlanSteps(host);
    List<Route> routes = vif.ifThere(host).map(link -> host.routes(link.name())).orElse(List.of());
    List<IpPrefix> routed = Lists.map(routes, Route::destination);
    Lists.distinct(Lists.filter(Lists.concat(guest.all(), routed), RoutedVif::isAnsweredFor))
        .forEach(one -> Ipv6Way.unanswer(steps, uplink, one.address()));
    Ipv6Way.unanswer(steps, elsewhere());
    return VifSteps.release(host, vif, steps);
  }

  /** Where dom0 answered by another way out than the one of this call. */
  private List<Ipv6Way> elsewhere() {
    return Lists.filter(before, way -> !way.uplink().equals(Optional.of(uplink)));
  }
}
