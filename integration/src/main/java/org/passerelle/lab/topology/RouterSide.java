package org.passerelle.lab.topology;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.passerelle.lab.model.Family;
import org.passerelle.lab.model.Located;
import org.passerelle.lab.model.ScriptCall;
import org.passerelle.lab.model.Settings;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.natroute.GuestAddresses;
import org.passerelle.natroute.NatVif;

/** What vif-nat and vif-route make of a vif: a link with dom0, the guest's router, at its end. */
final class RouterSide {
  private static final String NAT = "vif-nat";
  private static final Set<String> SCRIPTS = Set.of(NAT, "vif-route");

  /** A guest and its router are 127 apart in the last octet, so that this network holds both. */
  private static final int BOTH = 24;

  /** Of the network that guests are told, {@code 255.255.0.0}. */
  private static final int LEASED = 16;

  /** Its link-local address, made of {@code fe:ff:ff:ff:ff:ff}. */
  private static final InetAddress IPV6_ROUTER = IpPrefix.address("fe80::fcff:ffff:feff:ffff");

  private RouterSide() {}

  static boolean isMadeBy(ScriptCall script) {
    return SCRIPTS.contains(script.name());
  }

  static boolean isNattedBy(ScriptCall script) {
    return script.name().equals(NAT);
  }

  /** How a guest in NAT mode is set for which the file says nothing. */
  static Settings guest(Vif vif) {
    List<Located<IpPrefix>> addresses = new ArrayList<>();
    List<Located<InetAddress>> gateways = new ArrayList<>();
    for (IpPrefix one : natted(vif)) {
      boolean alone = !one.isV6() && one.length() > BOTH;
      addresses.add(new Located<>(alone ? new IpPrefix(one.address(), BOTH) : one, vif.at()));
      InetAddress router = one.isV6() ? IPV6_ROUTER : NatVif.router(one.address());
      if (gateways.stream().noneMatch(other -> Family.of(other.value()) == Family.of(router))) {
        gateways.add(new Located<>(router, vif.at()));
      }
    }
    return new Settings(List.copyOf(addresses), List.copyOf(gateways), List.of());
  }

  /** What a guest is told there that asks by DHCP: its first IPv4 address, and its router. */
  static Settings leased(Vif vif) {
    return natted(vif).stream()
        .filter(one -> !one.isV6())
        .findFirst()
        .map(
            one ->
                new Settings(
                    List.of(new Located<>(new IpPrefix(one.address(), LEASED), vif.at())),
                    List.of(new Located<>(NatVif.router(one.address()), vif.at())),
                    List.of()))
        .orElse(Settings.NONE);
  }

  /** What the script gives dom0's end, in NAT mode. */
  static Settings dom0(Vif vif) {
    List<Located<IpPrefix>> routers =
        natted(vif).stream()
            .filter(one -> !one.isV6())
            .map(one -> new IpPrefix(NatVif.router(one.address()), 32))
            .map(router -> new Located<>(router, vif.at()))
            .toList();
    return new Settings(routers, List.of(), List.of());
  }

  /**
   * The guest's addresses in NAT mode; none in route mode, where the guest's are its own matter.
   */
  private static List<IpPrefix> natted(Vif vif) {
    if (!vif.isNatted()) {
      return List.of();
    }
    return vif.ip()
        .map(GuestAddresses::parse)
        .orElseGet(() -> NatVif.computed(vif.domid(), vif.handle()))
        .all();
  }
}
