package org.passerelle.link.plan;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.Neighbour;
import org.passerelle.link.rtnl.Route;

/**
 * The state of a host at one moment, as planners and undos read it. Each list is read when first
 * asked for, then kept: a plan is made from one view.
 */
public final class Host {
  private final Kernel kernel;
  private List<Link> links;
  private List<Address> addresses;
  private List<Route> routes;
  private List<Neighbour> neighbours;

  public Host(Kernel kernel) {
    this.kernel = kernel;
  }

  public List<Link> links() {
    if (links == null) {
      links = List.copyOf(kernel.links());
    }
    return links;
  }

  /** All addresses of both families, in the kernel's order. */
  public List<Address> addresses() {
    if (addresses == null) {
      addresses = List.copyOf(kernel.addresses());
    }
    return addresses;
  }

  /** All routes of both families, those of table {@code local} excepted. */
  public List<Route> routes() {
    if (routes == null) {
      routes = List.copyOf(kernel.routes());
    }
    return routes;
  }

  /** A device's neighbours. */
  public List<Neighbour> neighbours(String device) {
    if (neighbours == null) {
      neighbours = List.copyOf(kernel.neighbours());
    }
    return neighbours.stream().filter(one -> one.device().equals(device)).toList();
  }

  /** The link of this name or alternative name; one small request when not all were read. */
  public Optional<Link> link(String name) {
    return links == null
        ? kernel.link(name)
        : links.stream().filter(link -> link.isNamed(name)).findFirst();
  }

  public Optional<Link> link(int index) {
    return links().stream().filter(link -> link.index() == index).findFirst();
  }

  /** The name of the bridge or bond that the link is a port of; empty when none. */
  public String master(Link link) {
    return link.master() == 0 ? "" : link(link.master()).map(Link::name).orElse("");
  }

  /** The ports of a bridge or bond. */
  public List<Link> ports(Link master) {
    return links().stream().filter(link -> link.master() == master.index()).toList();
  }

  /** A veth's other end, when it is in this namespace. */
  public Optional<Link> peer(Link veth) {
    return veth.kind().equals("veth") && !veth.lowerElsewhere() && veth.lower() != 0
        ? link(veth.lower())
        : Optional.empty();
  }

  public List<Address> addresses(String device) {
    return addresses().stream().filter(address -> address.device().equals(device)).toList();
  }

  public List<Route> routes(String device) {
    return routes().stream().filter(route -> route.uses(device)).toList();
  }

  /**
   * True when the kernel speaks IPv6 at all: then its loopback device does, with rare exceptions,
   * and a host with hundreds of links is not asked for all of them.
   */
  public boolean hasIpv6() {
    return link("lo").filter(Host::speaksIpv6).isPresent()
        || links().stream().anyMatch(Host::speaksIpv6);
  }

  private static boolean speaksIpv6(Link link) {
    return link.ipv6AddressGeneration().isPresent();
  }
}
