package org.passerelle.natroute;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.passerelle.link.list.Lists;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.plan.VifNames;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.wire.IpPrefix;

/**
 * A guest whose router dom0 is, as the host's own links and routes tell it.
 *
 * @param vif by which it is attached, as it is called now
 * @param all its addresses and networks
 */
public record RoutedGuest(String vif, List<IpPrefix> all) {
  /** Of vif-route's: an emulated NIC's is 1, a vif's 2. */
  private static final long WORST_METRIC = 2;

  public RoutedGuest {
    all = List.copyOf(all);
  }

  /** Those of vif-nat. */
  public static List<RoutedGuest> translated(Host host) {
    return of(host, true);
  }

  /** Those of vif-route. */
  public static List<RoutedGuest> routed(Host host) {
    return of(host, false);
  }

  private static List<RoutedGuest> of(Host host, boolean translated) {
    Map<String, List<Route>> routes =
        host.routes().stream()
            .filter(route -> route.protocol() != Route.PROTOCOL_KERNEL)
            .collect(Collectors.groupingBy(Route::device));
    return host.links().stream()
        .filter(VifDevice::isOfGuest)
        .map(Link::name)
        .filter(name -> isOf(routes.getOrDefault(name, List.of()), translated))
        .map(name -> new RoutedGuest(name, destinations(routes.get(name))))
        .toList();
  }

  /** IPv6's routes tell it by their metric alone, and where there are no others. */
  private static boolean isOf(List<Route> routes, boolean translated) {
    List<Route> ipv4 = routes.stream().filter(route -> !route.isV6()).toList();
    return ipv4.isEmpty()
        ? !routes.isEmpty() && routes.stream().noneMatch(RoutedGuest::hasMetric) == translated
        : ipv4.stream().allMatch(route -> isTranslated(route) == translated);
  }

  /**
   * The router's address alone would not tell: dom0's main one may be as far from a guest's. Routes
   * of vif-route have a metric.
   */
  static boolean isTranslated(Route route) {
    return route.metric() == 0
        && route.source().equals(Optional.of(RouterAddress.of(route.destination().address())));
  }

  /**
   * Whether an IPv4 route is as vif-route makes it: from an address that dom0 has at the vif.
   *
   * @param own the vif's addresses
   */
  private static boolean isRouted(Route route, List<Address> own) {
    return hasMetric(route)
        && Lists.any(own, one -> route.source().equals(Optional.of(one.local().address())));
  }

  private static boolean hasMetric(Route route) {
    return route.metric() > 0 && route.metric() <= WORST_METRIC;
  }

  /** The IPv4 routes by a vif that are as vif-route or vif-nat makes them. */
  static List<Route> ipv4Routes(Host host, Link vif) {
    List<Address> own = host.addresses(vif.name());
    return Lists.filter(
        host.routes(vif.name()),
        route ->
            !route.isV6()
                && route.protocol() == Route.PROTOCOL_BOOT
                && route.gateway().isEmpty()
                && (isTranslated(route) || isRouted(route, own)));
  }

  /**
   * Whether a way out has the address, as those that vif-route lends to vifs: that of a guest
   * without addresses is told by no route. What vifs alone have is an administrator's.
   */
  static boolean isOfUplink(Host host, InetAddress address) {
    return Lists.any(
        Lists.filter(host.addresses(), one -> one.local().address().equals(address)),
        one -> host.link(one.device()).filter(link -> !VifDevice.isOfGuest(link)).isPresent());
  }

  /** Whether dom0's routes or addresses at a vif show that it is the router of the guest. */
  public static boolean isBy(Host host, Link vif) {
    return !ipv4Routes(host, vif).isEmpty()
        || Lists.any(
            Lists.map(host.addresses(vif.name()), one -> one.local().address()),
            one -> one instanceof Inet4Address && isOfUplink(host, one));
  }

  private static List<IpPrefix> destinations(List<Route> routes) {
    return routes.stream().map(Route::destination).distinct().toList();
  }

  /** In one line. */
  public String addresses() {
    return all.stream().map(GuestAddresses::text).collect(Collectors.joining(" "));
  }

  /**
   * What is to be said when these have lost a way outside; empty when there are none.
   *
   * @param planned whether they have it still, and would lose it
   */
  public static Optional<String> loss(List<RoutedGuest> guests, String netdev, boolean planned) {
    if (guests.isEmpty()) {
      return Optional.empty();
    }
    List<String> named =
        guests.stream().map(guest -> guest.vif() + " (" + guest.addresses() + ")").toList();
    return Optional.of(
        "attached, and "
            + (planned ? "would be without a way outside by " : "without a way outside by ")
            + netdev
            + (planned ? ": " : " from now on: ")
            + VifNames.of(named));
  }
}
