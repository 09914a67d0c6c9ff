package org.passerelle.link.plan;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.passerelle.link.list.Lists;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.Neighbour;
import org.passerelle.link.rtnl.Route;

/** The operations that bring back addresses and routes which the kernel drops with something. */
final class Restore {
  private Restore() {}

  /** Routes of both families that a device's loss takes away, in an order that works. */
  static List<Operation> routes(Host now, Link link) {
    List<Operation> operations = new ArrayList<>(routes(now, link, false));
    operations.addAll(routes(now, link, true));
    return operations;
  }

  /**
   * One family's routes that a device's loss or the loss of its addresses takes away, in an order
   * that works: those on the link before those by way of a gateway, which must be reachable.
   */
  static List<Operation> routes(Host now, Link link, boolean v6) {
    List<Route> all = new ArrayList<>(now.routes(link.name()));
    all.addAll(
        Lists.filter(now.routesFrom(sources(now, link, v6)), route -> !route.uses(link.name())));
    return Lists.map(
        Lists.filter(Configuration.inWorkingOrder(all), route -> route.isV6() == v6),
        route -> new AddRoute(route, indexOf(now, route)));
  }

  /**
   * What other devices' routes may have as their source, and are gone with (fib_sync_down_addr).
   * Only a device's own prefer its link-local IPv6 address (ipv6_chk_addr in
   * ip6_route_info_create).
   */
  private static Set<InetAddress> sources(Host now, Link link, boolean v6) {
    return new HashSet<>(
        Lists.filter(
            Lists.map(now.addresses(link.name()), address -> address.local().address()),
            own -> own instanceof Inet6Address == v6 && !(v6 && own.isLinkLocalAddress())));
  }

  private static int indexOf(Host now, Route route) {
    return route.device().isEmpty() ? 0 : now.link(route.device()).map(Link::index).orElse(0);
  }

  /** A device's addresses, so that they come to lie in their order again. */
  static List<Operation> addresses(Host now, Link link) {
    List<Operation> operations = new ArrayList<>();
    Configuration.inMakingOrder(now.addresses(link.name()))
        .forEach(address -> add(operations, address, link.index()));
    return operations;
  }

  /**
   * Adds an address. One that was valid is not put through duplicate detection again, which would
   * make it useless for seconds; the flag that says so is taken off afterwards.
   */
  private static void add(List<Operation> operations, Address address, int index) {
    AddAddress sure = AddAddress.again(address, index);
    operations.add(sure);
    sure.flagsOff(address).ifPresent(operations::add);
  }

  /**
   * Neighbours that were set for good. All are forgotten with their device's MAC, when it goes down
   * or ceases to ask for them, and IPv4's with its last address (neigh_changeaddr, arp_ifdown).
   */
  static List<Operation> neighbours(Host now, Link link) {
    return Lists.map(
        Lists.filter(now.neighbours(link.name()), Neighbour::isForGood),
        one -> AddNeighbour.again(one, link.index()));
  }

  /**
   * After {@code back} has put a device up again: IPv6 addresses and all routes. Meanwhile the
   * kernel must not make a link-local address of its own, which would have to be detected anew.
   */
  static List<Operation> afterIpv6WasDropped(Host now, Link link, Operation back) {
    List<Operation> operations = new ArrayList<>();
    Optional<Operation> generation = generation(link);
    if (generation.isPresent()) {
      operations.add(generation(link, Link.IPV6_NONE, link.ipv6AddressGeneration().getAsInt()));
    }
    operations.add(back);
    for (Address address : Configuration.inMakingOrder(now.addresses(link.name()))) {
      if (address.local().isV6()) {
        add(operations, address, link.index());
      }
    }
    operations.addAll(routes(now, link));
    operations.addAll(neighbours(now, link));
    generation.ifPresent(operations::add);
    return operations;
  }

  /** Lets a device make its link-local addresses as it did; empty when it made none. */
  static Optional<Operation> generation(Link link) {
    OptionalInt mode = link.ipv6AddressGeneration();
    return mode.isPresent() && mode.getAsInt() != Link.IPV6_NONE
        ? Optional.of(generation(link, mode.getAsInt(), Link.IPV6_NONE))
        : Optional.empty();
  }

  private static Operation generation(Link link, int mode, int left) {
    return new SetLink(
        link.name(),
        link.index(),
        LinkProperty.IPV6_GENERATION,
        Integer.toString(mode),
        Optional.of(Integer.toString(left)));
  }
}
