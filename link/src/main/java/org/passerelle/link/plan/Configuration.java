package org.passerelle.link.plan;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.passerelle.link.list.Lists;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.AddressFlags;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.Neighbour;
import org.passerelle.link.rtnl.Route;

/**
 * What a device has of IP: all its addresses of both families and all its routes, as one thing that
 * can be taken off and put on another device.
 *
 * @param addresses in the kernel's order
 * @param neighbours whose MAC is known, or is set for good
 * @param routes those that the kernel makes by itself with the addresses are not among them
 */
public record Configuration(
    String device, List<Address> addresses, List<Route> routes, List<Neighbour> neighbours) {

  public static Configuration of(Host host, Link link) {
    List<Address> addresses = host.addresses(link.name());
    List<Route> own =
        Lists.filter(host.routes(link.name()), route -> !comesWithAddress(route, addresses));
    return new Configuration(
        link.name(), addresses, inWorkingOrder(own), known(host.neighbours(link.name())));
  }

  /** The addresses of IPv4 alone. */
  public Configuration onlyIpv4() {
    return new Configuration(
        device, Lists.filter(addresses, address -> !address.local().isV6()), List.of(), List.of());
  }

  /** The addresses alone. */
  public static Configuration ofAddresses(Host host, Link link) {
    return new Configuration(link.name(), host.addresses(link.name()), List.of(), List.of());
  }

  /** The connected route of an address, or IPv6's of its network: comes and goes with it. */
  private static boolean comesWithAddress(Route route, List<Address> addresses) {
    return route.protocol() == Route.PROTOCOL_KERNEL
        && route.gateway().isEmpty()
        && Lists.any(addresses, address -> isNetwork(route, address));
  }

  private static boolean isNetwork(Route route, Address address) {
    boolean makesRoute = (address.flags() & AddressFlags.NOPREFIXROUTE) == 0;
    InetAddress end = address.peer().orElse(address.local().address());
    return makesRoute
        && address.local().isV6() == route.isV6()
        && route.destination().length() == address.local().length()
        && route.destination().contains(end);
  }

  /**
   * The order in which addresses must be made to lie as they lie now: the kernel appends IPv4's and
   * puts a new IPv6 address before those of its scope (net/ipv6/addrconf.c, ipv6_link_dev_addr).
   */
  static List<Address> inMakingOrder(List<Address> addresses) {
    return Lists.concat(
        Lists.filter(addresses, address -> !address.local().isV6()),
        Lists.filter(addresses.reversed(), address -> address.local().isV6()));
  }

  /** Routes on the link before those by way of a gateway, which must be reachable. */
  static List<Route> inWorkingOrder(List<Route> routes) {
    List<Route> order = new ArrayList<>(routes);
    order.sort(Configuration::compareForWork);
    return Collections.unmodifiableList(order);
  }

  /** Not by Comparator.comparing: its first use takes 2.5 ms, for a class made at run time. */
  private static int compareForWork(Route one, Route other) {
    int byGateway = Boolean.compare(isByGateway(one), isByGateway(other));
    return byGateway != 0
        ? byGateway
        : Integer.compare(other.destination().length(), one.destination().length());
  }

  static boolean isByGateway(Route route) {
    return route.gateway().isPresent() || !route.hops().isEmpty();
  }

  /** Puts the addresses on {@code other}, in use at once. */
  public List<Operation> addAddresses(String other) {
    List<Operation> operations = new ArrayList<>();
    for (Address address : inMakingOrder(addresses)) {
      operations.add(again(address, other));
    }
    return operations;
  }

  /** Takes the mark of the left-out duplicate detection off again, where there was none before. */
  public List<Operation> settleAddresses(String other) {
    return Lists.mapPresent(addresses, address -> again(address, other).flagsOff(address));
  }

  private AddAddress again(Address address, String other) {
    return AddAddress.again(address.onDevice(other, Labels.moved(address, device, other)), 0);
  }

  /** Takes the addresses off the device, which is called {@code name} by then. */
  public List<Operation> removeAddresses(String name) {
    return Lists.map(
        inMakingOrder(addresses).reversed(),
        address -> RemoveAddress.of(address.onDevice(name, ""), 0));
  }

  /**
   * Moves the routes from {@code name} to {@code other}, where the addresses are already. Those on
   * the link are on both for a while, since the gateways' routes need them, to move and to move
   * back.
   */
  public List<Operation> moveRoutes(String name, String other) {
    List<Operation> operations = new ArrayList<>();
    List<Operation> removals = new ArrayList<>();
    for (Route route : routes) {
      Route there = route.onDevice(device, name);
      if (isByGateway(there)) {
        operations.add(MoveRoute.of(there, name, other));
      } else {
        operations.add(AddRoute.of(there.onDevice(name, other)));
        removals.addFirst(RemoveRoute.of(there));
      }
    }
    operations.addAll(removals);
    return operations;
  }

  private static List<Neighbour> known(List<Neighbour> neighbours) {
    return Lists.filter(
        neighbours,
        one ->
            one.mac().isPresent()
                && (one.state() & (Neighbour.KNOWN | Neighbour.PERMANENT)) != 0
                && !one.address().isMulticastAddress());
  }

  /** Makes the neighbours known on {@code other}, so that nobody there must be asked for first. */
  public List<Operation> addNeighbours(String other) {
    return Lists.map(neighbours, one -> AddNeighbour.of(one.onDevice(other)));
  }
}
