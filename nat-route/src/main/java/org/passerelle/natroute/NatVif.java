package org.passerelle.natroute;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.passerelle.link.list.Lists;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.SetEntry;
import org.passerelle.link.plan.SetLink;
import org.passerelle.link.plan.SetTable;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.rtnl.TableEntry;
import org.passerelle.link.rtnl.TableKey;
import org.passerelle.link.wire.IpPrefix;

/**
 * The plans of {@code vif-nat}: the vif has the router's address, and a route to each of the
 * guest's. What goes out by a NIC that {@code network-nat} was started for goes in dom0's name.
 *
 * @param guest of a network in it, the address alone counts
 * @param forwards ports of dom0's that lead to the guest's first address of each family
 * @param known where the filter may have entries of the vif's; empty when nobody knows
 * @param before the ways of IPv6 that the vif's scripts have made
 */
public record NatVif(
    VifDevice vif,
    GuestAddresses guest,
    List<PortForward> forwards,
    Optional<List<TableKey>> known,
    List<Ipv6Way> before) {

  /** A guest whose address is computed from its domain's number and its vif's, as nobody chose. */
  public static GuestAddresses computed(int domain, int handle) {
    return new GuestAddresses(List.of(RouterAddress.ofGuest(domain, handle)));
  }

  /** The address that dom0 has at its end of the vif, for an IPv4 address of the guest's. */
  public static InetAddress router(InetAddress guest) {
    return RouterAddress.of(guest);
  }

  /** Plans the attachment; empty when all is so already. */
  public Plan attach(Host host, boolean live) {
    VifSteps steps = new VifSteps(host, vif, live);
    List<IpPrefix> reachable = guest.alone().reachable(host, vif);
    List<InetAddress> routers = routers(reachable);
    List<Route> routes = Lists.map(reachable, one -> route(one, steps.device()));
    List<Route> left = steps.left(before, routes);
    List<InetAddress> leaving = sources(left, routers);
    refuseUnfit(host, own -> steps.isOwn(own) && leaving.contains(own.local().address()));
    steps.noRoutes(left);
    Ipv6Way.unanswer(steps, before);
    routers.forEach(router -> steps.address(router, "the guest's router"));
    // After these: with the last address of a device the kernel takes all its routes.
    steps.noAddresses(
        own -> leaving.contains(own) || !routers.contains(own) && steps.isLent(own),
        "nobody's router any more");
    steps.set(
        SetLink.arp(steps.device(), true),
        VifDevice.exactly(host, vif.find(host).name()),
        "the guest asks for its router");
    steps.routerOf(reachable);
    steps.up();
    routes.forEach(steps::route);
    setForwards(steps, reachable);
    return steps.build();
  }

  private static List<InetAddress> routers(List<IpPrefix> reachable) {
    return Lists.map(addresses4(reachable), RouterAddress::of);
  }

  private static List<InetAddress> addresses4(List<IpPrefix> all) {
    return Lists.map(Lists.filter(all, one -> !one.isV6()), IpPrefix::address);
  }

  /** What is to be said of networks in {@code ip=}, as the original routes to them. */
  public Optional<String> remark() {
    List<String> networks =
        Lists.map(
            Lists.filter(guest.all(), GuestAddresses::isNetwork),
            one ->
                "ip=%s is a network, and in NAT mode guests have addresses: %s alone leads to this one"
                    .formatted(
                        GuestAddresses.text(one),
                        GuestAddresses.text(IpPrefix.single(one.address()))));
    return networks.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", networks));
  }

  private static Route route(IpPrefix one, String device) {
    Optional<InetAddress> router =
        one.isV6() ? Optional.empty() : Optional.of(RouterAddress.of(one.address()));
    return Route.onLink(one, device, router, 0);
  }

  /** The ways of IPv6 that an attachment makes: outside nobody hears of them. */
  public List<Ipv6Way> ways(Host host) {
    return Lists.map(
        Lists.filter(guest.alone().reachable(host, vif), IpPrefix::isV6),
        one -> new Ipv6Way(one, Optional.empty()));
  }

  private static List<InetAddress> sources(List<Route> left, List<InetAddress> routers) {
    return Lists.filter(Lists.mapPresent(left, Route::source), source -> !routers.contains(source));
  }

  private void refuseUnfit(Host host, Predicate<Address> leaving) {
    List<InetAddress> all = addresses4(guest.all());
    for (InetAddress one : all) {
      refuseTaken(host, one);
      refuseRouter(one, all);
    }
    new Unfit(host, vif.find(host).name(), leaving).refuse(guest.alone());
  }

  /** Of two guests 127 apart each would have the other's address for its router. */
  private void refuseTaken(Host host, InetAddress address) {
    InetAddress router = RouterAddress.of(address);
    String own = vif.find(host).name();
    host.routeTo(router)
        .filter(route -> route.type() == Route.TYPE_UNICAST && !route.device().equals(own))
        .filter(route -> route.destination().equals(IpPrefix.single(router)))
        .ifPresent(
            route -> {
              throw taken(address, router, route.device());
            });
  }

  private static void refuseRouter(InetAddress address, List<InetAddress> all) {
    InetAddress router = RouterAddress.of(address);
    if (all.contains(router)) {
      throw new RefusedException(
          "ip=: of a guest's addresses one, %s, is the router of another, %s"
              .formatted(router.getHostAddress(), address.getHostAddress()));
    }
  }

  private static RefusedException taken(InetAddress guest, InetAddress router, String device) {
    return new RefusedException(
        guest.getHostAddress()
            + " would have the router "
            + router.getHostAddress()
            + ", which is the address of the guest behind "
            + device);
  }

  private void setForwards(PlanSteps steps, List<IpPrefix> reachable) {
    if (!forwards.isEmpty()) {
      addForwards(steps, reachable);
    } else if (known.isEmpty() || !known.get().isEmpty()) {
      removeForwards(steps);
    }
  }

  private void addForwards(PlanSteps steps, List<IpPrefix> reachable) {
    Host host = steps.host();
    if (!isStarted(host)) {
      throw new RefusedException(
          "forward= works once network-nat is started; again where somebody took its rules away");
    }
    List<TableEntry> wanted = entries(reachable);
    Lists.filter(own(host), entry -> !wanted.contains(entry))
        .forEach(entry -> remove(steps, entry));
    wanted.forEach(entry -> add(steps, entry));
  }

  /** Limited guests have a table, too; a way out is in it only once network-nat was started. */
  private static boolean isStarted(Host host) {
    return !host.entries(Masquerade.UPLINKS).isEmpty()
        || host.table().filter(entries -> !GuestServices.areAll(entries)).isPresent();
  }

  /** Each port leads to the first address of each family. */
  private List<TableEntry> entries(List<IpPrefix> reachable) {
    List<TableEntry> entries = new ArrayList<>();
    for (boolean v6 : new boolean[] {false, true}) {
      Lists.first(reachable, one -> one.isV6() == v6)
          .ifPresent(
              one ->
                  forwards.forEach(
                      forward -> entries.add(forward.to(one.address(), vif.device()))));
    }
    return entries;
  }

  /** Where the ports' entries may be, of whatever families dom0 speaks. */
  public List<TableKey> places() {
    return Lists.map(entries(guest.all()), TableEntry::place);
  }

  /** A table may have thousands of entries: those of a vif are looked up, if it is known where. */
  private List<TableEntry> own(Host host) {
    List<TableEntry> candidates =
        known.isPresent()
            ? Lists.mapPresent(known.get(), host::entry)
            : host.table().orElse(List.of());
    return Lists.filter(
        candidates, entry -> !entry.data().isEmpty() && entry.owner().equals(vif.device()));
  }

  private static void remove(PlanSteps steps, TableEntry entry) {
    steps.add(new SetEntry(entry, false), "dom0's port leads nowhere any more");
  }

  private void add(PlanSteps steps, TableEntry entry) {
    Optional<TableEntry> there = steps.host().entry(entry.place());
    there
        .filter(other -> !other.owner().equals(vif.device()))
        .ifPresent(
            other -> {
              throw leadsElsewhere(other);
            });
    if (there.filter(entry::equals).isEmpty()) {
      steps.add(new SetEntry(entry, true), "dom0's port leads to the guest's");
    }
  }

  private static RefusedException leadsElsewhere(TableEntry other) {
    return new RefusedException(
        String.join(" port ", other.key())
            + " leads to "
            + String.join(" port ", other.data())
            + " already, for "
            + other.owner());
  }

  /**
   * Plans the release; of a vif that is gone, what it left in the packet filter.
   *
   * @param withForwards whether it may have some
   */
  public static Plan detach(
      Host host, VifDevice vif, Optional<List<TableKey>> known, boolean withForwards) {
    Plan closed = withForwards ? withoutForwards(host, vif, known) : Plan.NONE;
    return closed.then(VifSteps.release(host, vif, new PlanSteps(host)));
  }

  /**
   * Plans that no port of dom0's leads to a vif's guest any more.
   *
   * @param known where the filter may have entries of the vif's; empty when nobody knows
   */
  public static Plan withoutForwards(Host host, VifDevice vif, Optional<List<TableKey>> known) {
    PlanSteps steps = new PlanSteps(host);
    new NatVif(vif, new GuestAddresses(List.of()), List.of(), known, List.of())
        .removeForwards(steps);
    return steps.build();
  }

  private void removeForwards(PlanSteps steps) {
    Host host = steps.host();
    List<TableEntry> own = own(host);
    own.forEach(entry -> remove(steps, entry));
    if (Masquerade.isWithoutMore(own, host)) {
      steps.add(new SetTable(false), "nothing is left in it");
    }
  }

  /** An emulated NIC's tap gets its name, and no more, as the original does it. */
  public static Plan name(Host host, VifDevice tap) {
    Link link = tap.find(host);
    PlanSteps steps = new PlanSteps(host);
    tap.rename(steps, link);
    return steps.build();
  }
}
