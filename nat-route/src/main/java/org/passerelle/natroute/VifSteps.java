package org.passerelle.natroute;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.passerelle.link.list.Lists;
import org.passerelle.link.plan.AddAddress;
import org.passerelle.link.plan.AddRoute;
import org.passerelle.link.plan.Configuration;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.RemoveAddress;
import org.passerelle.link.plan.RemoveRoute;
import org.passerelle.link.plan.SetLink;
import org.passerelle.link.plan.SetSysctl;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.wire.IpPrefix;

/** The steps that make a vif one of dom0's own ways, in their order. */
final class VifSteps extends PlanSteps {
  private final Link link;
  private final String named;
  private final boolean isPort;
  private final boolean wentDown;

  /**
   * Begins with the vif's name, and with all that must be so before anything passes.
   *
   * @param live links can be renamed while they are up
   */
  VifSteps(Host host, VifDevice vif, boolean live) {
    super(host);
    this.link = vif.find(host);
    this.named = vif.attachedName();
    this.isPort = host.isBridgePort(link);
    boolean renamesDown = !live && !link.name().equals(named);
    this.wentDown = link.isUp() && (renamesDown || isPort);
    if (wentDown) {
      add(
          SetLink.down(link.name()),
          isPort ? "it leaves its bridge" : "this kernel renames what is down only");
    }
    if (isPort) {
      add(SetLink.noMaster(link.name()), "dom0 routes to the guest, and no bridge takes it");
    }
    vif.rename(this, link);
    set(
        SetSysctl.of(named, SetSysctl.IPV4, "proxy_arp", "1"),
        SetSysctl.of(link.name(), SetSysctl.IPV4, "proxy_arp", "").present(host),
        "dom0 answers the guest for everybody, and carries its packets on");
  }

  String device() {
    return named;
  }

  /**
   * The guest's router by IPv6 is the vif's link-local address, which a bridge's port has none of:
   * the kernel makes it when the vif goes up.
   *
   * @param reachable the guest's addresses
   */
  void routerOf(List<IpPrefix> reachable) {
    if (isPort || Lists.any(reachable, IpPrefix::isV6)) {
      fromMac();
    }
  }

  private void fromMac() {
    if (link.ipv6AddressGeneration().equals(OptionalInt.of(Link.IPV6_NONE))) {
      set(
          SetLink.ipv6Generation(named, Link.IPV6_FROM_MAC),
          Optional.of(link),
          "the guest's router by IPv6");
    }
  }

  /** An address of dom0's there, and of nobody else on that link. */
  void address(InetAddress own, String reason) {
    Address address = Address.of(named, IpPrefix.single(own));
    boolean there =
        Lists.any(host().addresses(link.name()), a -> a.local().equals(address.local()));
    if (!there) {
      add(new AddAddress(address, 0), reason);
    }
  }

  /** Whether it is one of the vif's now. */
  boolean isOwn(Address address) {
    return address.device().equals(link.name());
  }

  /** Whether vif-route lent it to this vif. One more of a vif of NAT's is an administrator's. */
  boolean isLent(InetAddress address) {
    return !Lists.any(host().routes(link.name()), RoutedGuest::isTranslated)
        && RoutedGuest.isOfUplink(host(), address);
  }

  /** Takes IPv4 addresses off, which no route has for its source any more. */
  void noAddresses(Predicate<InetAddress> leaving, String reason) {
    for (Address address : Configuration.ofAddresses(host(), link).onlyIpv4().addresses()) {
      if (leaving.test(address.local().address())) {
        add(RemoveAddress.of(address.onDevice(named, ""), 0), reason);
      }
    }
  }

  /**
   * The routes that an earlier attachment made, in whatever mode, as an administrator would, and
   * that go now, because the guest has other addresses.
   *
   * @param before the ways of IPv6 that were made for this vif
   */
  List<Route> left(List<Ipv6Way> before, List<Route> wanted) {
    List<AddRoute> same = Lists.map(wanted, AddRoute::alone);
    return Lists.filter(
        Lists.concat(RoutedGuest.ipv4Routes(host(), link), ipv6Routes(before)),
        route -> !Lists.any(same, one -> one.isInPlaceOf(route)));
  }

  private List<Route> ipv6Routes(List<Ipv6Way> before) {
    return Lists.filter(
        host().routes(link.name()),
        route ->
            route.isV6()
                && route.protocol() == Route.PROTOCOL_BOOT
                && route.gateway().isEmpty()
                && Lists.any(before, way -> way.destination().equals(route.destination())));
  }

  /** Takes them off, unless they went with the link's going down. */
  void noRoutes(List<Route> left) {
    if (!wentDown) {
      left.forEach(
          one ->
              add(
                  RemoveRoute.of(one.onDevice(link.name(), named)),
                  "the guest has this address no more"));
    }
  }

  void up() {
    if (!link.isUp() || wentDown) {
      add(SetLink.up(named), "the guest is connected");
    }
  }

  /** A route to the guest; refused where another device has one to the same destination. */
  void route(Route route) {
    AddRoute wanted = AddRoute.alone(route);
    Optional<Route> there =
        Lists.first(
            Lists.map(host().routes(link.name()), one -> one.onDevice(link.name(), named)),
            one -> !wentDown && wanted.isSame(one));
    if (there.isPresent() && there.get().source().equals(route.source())) {
      return;
    }
    refuseTaken(wanted);
    there.ifPresent(old -> add(RemoveRoute.of(old), "dom0's address was another one"));
    add(wanted, "the guest's own address");
  }

  /** The kernel would not say whose it is. A host may have hundreds of guests' routes. */
  private void refuseTaken(AddRoute wanted) {
    IpPrefix destination = wanted.route().destination();
    List<Route> those =
        destination.isSingle()
            ? host().routeTo(destination.address()).map(List::of).orElse(List.of())
            : host().routes();
    Lists.first(
            those,
            other ->
                !other.device().isEmpty()
                    && !other.device().equals(link.name())
                    && wanted.isInPlaceOf(other))
        .ifPresent(
            other -> {
              throw new RefusedException(
                  "%s is %s's already: dom0 has a route to it there"
                      .formatted(GuestAddresses.text(other.destination()), other.device()));
            });
  }

  /** What a vif's release takes off: routes go with its going down. */
  static Plan release(Host host, VifDevice vif, PlanSteps steps) {
    vif.ifThere(host)
        .ifPresent(
            link -> {
              steps.set(SetLink.down(link.name()), "the guest is disconnected");
              Configuration own = Configuration.ofAddresses(host, link).onlyIpv4();
              steps.addAll(own.removeAddresses(link.name()), "dom0 is no router there any more");
            });
    return steps.build();
  }
}
