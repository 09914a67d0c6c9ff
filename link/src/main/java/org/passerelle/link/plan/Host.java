package org.passerelle.link.plan;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
import org.passerelle.link.list.Lists;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.DhcpHost;
import org.passerelle.link.rtnl.Guard;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.Neighbour;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.rtnl.TableEntry;
import org.passerelle.link.rtnl.TableKey;

/**
 * The state of a host at one moment, as planners and undos read it. Each list, or a device's part
 * of it, is read when first asked for, then kept: a plan is made from one view.
 */
public final class Host {
  private static final String BRIDGE = "bridge";

  private final Kernel kernel;
  private final Kept<Address> addresses;
  private final Kept<Route> routes;
  private final Kept<Neighbour> neighbours;
  private final Map<String, Link> byName = new HashMap<>();
  private final Map<Integer, Link> byIndex = new HashMap<>();
  private final Map<Integer, List<Link>> byMaster = new HashMap<>();
  private final Map<String, Optional<Link>> named = new HashMap<>();
  private List<Link> links;

  public Host(Kernel kernel) {
    this.kernel = kernel;
    this.addresses =
        new Kept<>(kernel::addresses, kernel::addresses, (one, name) -> one.device().equals(name));
    this.routes = new Kept<>(kernel::routes, kernel::routes, Route::uses);
    this.neighbours =
        new Kept<>(
            kernel::neighbours, kernel::neighbours, (one, name) -> one.device().equals(name));
  }

  public List<Link> links() {
    if (links == null) {
      links = List.copyOf(kernel.links());
      links.forEach(this::index);
    }
    return links;
  }

  /** A host may have thousands of links, and a plan ask for each of them. */
  private void index(Link link) {
    byIndex.put(link.index(), link);
    byName.put(link.name(), link);
    link.alternativeNames().forEach(name -> byName.put(name, link));
    byMaster.computeIfAbsent(link.master(), _ -> new ArrayList<>()).add(link);
  }

  /** All addresses of both families, in the kernel's order. */
  public List<Address> addresses() {
    return addresses.all();
  }

  /** All routes of both families, those of table {@code local} excepted. */
  public List<Route> routes() {
    return routes.all();
  }

  /** The route that the kernel takes to an address; asked for each time. */
  public Optional<Route> routeTo(InetAddress destination) {
    return kernel.routeTo(destination);
  }

  /** Routes of whatever device that prefer one of these addresses as their source. */
  public List<Route> routesFrom(Set<InetAddress> sources) {
    return kernel.routesFrom(sources);
  }

  /** A device's neighbours. */
  public List<Neighbour> neighbours(String device) {
    return neighbours.of(device);
  }

  /** The link of this name or alternative name; one small request when not all were read. */
  public Optional<Link> link(String name) {
    return links == null
        ? named.computeIfAbsent(name, kernel::link)
        : Optional.ofNullable(byName.get(name));
  }

  /** The link of this number, of which 0 is none; as {@link #link(String)}. */
  public Optional<Link> link(int index) {
    if (index == 0) {
      return Optional.empty();
    }
    return links == null ? kernel.link(index) : Optional.ofNullable(byIndex.get(index));
  }

  /** The name of the bridge or bond that the link is a port of; empty when none. */
  public String master(Link link) {
    return link(link.master()).map(Link::name).orElse("");
  }

  /** Whether it is a port of a Linux bridge: a VRF and Open vSwitch are masters, too. */
  public boolean isBridgePort(Link link) {
    return link(link.master()).filter(master -> master.kind().equals(BRIDGE)).isPresent();
  }

  /** The ports of a bridge or bond. */
  public List<Link> ports(Link master) {
    return links == null
        ? kernel.ports(master.index())
        : List.copyOf(byMaster.getOrDefault(master.index(), List.of()));
  }

  /** A veth's other end, when it is in this namespace. */
  public Optional<Link> peer(Link veth) {
    return veth.kind().equals("veth") && !veth.lowerElsewhere()
        ? link(veth.lower())
        : Optional.empty();
  }

  public List<Address> addresses(String device) {
    return addresses.of(device);
  }

  public List<Route> routes(String device) {
    return routes.of(device);
  }

  /** The entries of our table of the packet filter; empty when it is not there. */
  public Optional<List<TableEntry>> table() {
    return kernel.table();
  }

  /** Whether our table is there. */
  public boolean hasTable() {
    return kernel.hasTable();
  }

  /** The entries of one of our table's sets; none when it is not there. */
  public List<TableEntry> entries(String set) {
    return kernel.entries(set);
  }

  /** The entry at this place of our table. */
  public Optional<TableEntry> entry(TableKey key) {
    return kernel.entry(key);
  }

  /** What guards links of this name. */
  public Optional<Guard> guard(String device) {
    return kernel.guard(device);
  }

  /** What the DHCP server was told of a vif's guest. */
  public Optional<DhcpHost> dhcpHost(String vif) {
    return kernel.dhcpHost(vif);
  }

  /** The guests that the DHCP server gives this address. */
  public List<DhcpHost> dhcpHosts(InetAddress address) {
    return kernel.dhcpHosts(address);
  }

  /** For whom a DHCP server of ours is to run. */
  public List<String> dhcpUsers() {
    return kernel.dhcpUsers();
  }

  /** The DHCP server, in words. */
  public String dhcpServer() {
    return kernel.dhcpServer();
  }

  /** Whether a DHCP server runs; refuses where none can be had. */
  public boolean isDhcpRunning() {
    return kernel.isDhcpRunning();
  }

  /** A setting's present value, by its path below /proc/sys; empty when there is none. */
  public Optional<String> sysctl(String key) {
    return kernel.sysctl(key);
  }

  /**
   * True when the kernel speaks IPv6 at all: then its loopback device does, with rare exceptions,
   * and a host with hundreds of links is not asked for all of them.
   */
  public boolean hasIpv6() {
    return link("lo").filter(Host::speaksIpv6).isPresent() || Lists.any(links(), Host::speaksIpv6);
  }

  private static boolean speaksIpv6(Link link) {
    return link.ipv6AddressGeneration().isPresent();
  }

  /** One of the kernel's lists, whole or the parts of it that were asked for. */
  private static final class Kept<T> {
    private final Supplier<List<T>> readAll;
    private final Function<String, List<T>> readOf;
    private final BiPredicate<T, String> isOf;
    private final Map<String, List<T>> parts = new HashMap<>();
    private List<T> all;

    Kept(Supplier<List<T>> readAll, Function<String, List<T>> readOf, BiPredicate<T, String> isOf) {
      this.readAll = readAll;
      this.readOf = readOf;
      this.isOf = isOf;
    }

    List<T> all() {
      if (all == null) {
        all = List.copyOf(readAll.get());
      }
      return all;
    }

    List<T> of(String device) {
      return all == null
          ? parts.computeIfAbsent(device, name -> List.copyOf(readOf.apply(name)))
          : Lists.filter(all, one -> isOf.test(one, device));
    }
  }
}
