package org.passerelle.natroute;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.passerelle.link.list.Lists;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.wire.IpPrefix;

/**
 * Addresses that no guest of dom0's can have: those that are no host's, dom0's own, to which the
 * kernel answers itself whatever routes there are, and those of its routers elsewhere, whose name
 * the guest would take before dom0 and, in route mode, before all who ask outside.
 *
 * @param vif the name that the guest's has now
 * @param leaving those of the host's addresses that go with the same plan
 */
record Unfit(Host host, String vif, Predicate<Address> leaving) {
  private static final InetAddress BROADCAST = IpPrefix.address("255.255.255.255");

  /** A network of two has no address for all (RFC 3021). */
  private static final int LONGEST_WITH_BROADCAST = 30;

  /** Refuses the first that is. */
  void refuse(GuestAddresses guest) {
    for (IpPrefix one : guest.all()) {
      what(one)
          .ifPresent(
              what -> {
                throw new RefusedException(
                    "ip=%s: that is %s; the guest needs an address of its own"
                        .formatted(GuestAddresses.text(one), what));
              });
    }
  }

  private Optional<String> what(IpPrefix one) {
    return noHosts(one)
        .or(() -> GuestAddresses.isNetwork(one) ? Optional.empty() : dom0s(one.address()));
  }

  private static Optional<String> noHosts(IpPrefix one) {
    InetAddress address = one.address();
    if (address.isAnyLocalAddress()) {
      return Optional.of("no address");
    }
    if (address.isLoopbackAddress()) {
      return Optional.of("each host's own (loopback)");
    }
    if (address.isMulticastAddress()) {
      return Optional.of("a group's (multicast)");
    }
    if (one.isV6() && address.isLinkLocalAddress()) {
      return Optional.of("of one link only, to which nobody routes (link-local)");
    }
    return address.equals(BROADCAST) ? Optional.of("everybody's (broadcast)") : Optional.empty();
  }

  /** Of hundreds of addresses and routes the kernel is asked for this one's way first. */
  private Optional<String> dom0s(InetAddress address) {
    return host.routeTo(address)
        .flatMap(
            way -> way.type() == Route.TYPE_UNICAST ? router(address, way) : ofTheHost(address));
  }

  private Optional<String> ofTheHost(InetAddress address) {
    return dom0s(address, Lists.filter(host.addresses(), leaving.negate()));
  }

  /**
   * A router of dom0's is a neighbour by the device of its way. A guest may be one: then a route of
   * its own leads to it, or the vif does.
   */
  private Optional<String> router(InetAddress address, Route way) {
    String device = way.device();
    return way.destination().isSingle() || device.equals(vif)
        ? Optional.empty()
        : Lists.first(
                Lists.flatMap(host.routes(device), Unfit::hops),
                hop -> hop.device().equals(device) && hop.gateway().equals(Optional.of(address)))
            .map(_ -> "dom0's router, on " + device);
  }

  private static List<Route.Hop> hops(Route route) {
    Route.Hop alone = new Route.Hop(route.device(), route.gateway(), 0, 0);
    return Lists.concat(List.of(alone), route.hops());
  }

  private static Optional<String> dom0s(InetAddress address, List<Address> dom0s) {
    return Lists.first(dom0s, own -> own.local().address().equals(address))
        .map(own -> "dom0's own address, on " + own.device())
        .or(() -> broadcast(address, dom0s));
  }

  private static Optional<String> broadcast(InetAddress address, List<Address> dom0s) {
    return Lists.first(
            dom0s,
            own ->
                !own.local().isV6()
                    && own.local().length() <= LONGEST_WITH_BROADCAST
                    && own.local().last().equals(address))
        .map(own -> "everybody's (broadcast) in the network of " + own.device());
  }
}
