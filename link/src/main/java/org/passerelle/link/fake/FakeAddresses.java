package org.passerelle.link.fake;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.AddressFlags;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.wire.IpPrefix;

/** Addresses: their order, IPv4's secondary ones, IPv6's detection, and what goes with them. */
final class FakeAddresses {
  private final FakeState state;
  private final FakeRoutes routes;

  FakeAddresses(FakeState state, FakeRoutes routes) {
    this.state = state;
    this.routes = routes;
  }

  void add(Address asked) {
    String operation = "add address " + asked.local() + " to " + asked.device();
    FakeLink link = state.require(operation, asked.device());
    Address address = asked.local().isV6() ? v6(asked) : v4(asked);
    for (Address other : state.addressesOf(link.name, address.local().isV6())) {
      if (isTaken(address, other)) {
        throw FakeState.refusal(operation, Refusal.EEXIST, "Address already assigned");
      }
    }
    state.addresses.add(place(address), address);
    if (link.up) {
      routes.connect(address);
    }
  }

  private static boolean isTaken(Address address, Address other) {
    return other.local().address().equals(address.local().address())
        && (address.local().isV6() || other.local().length() == address.local().length());
  }

  private Address v4(Address address) {
    boolean secondary =
        state.addressesOf(address.device(), false).stream()
            .anyMatch(other -> isPrimaryOf(other, address));
    String label = address.label().equals(address.device()) ? "" : address.label();
    return address
        .onDevice(address.device(), label)
        .withFlags(
            address.flags() & AddressFlags.SETTABLE
                | permanent(address)
                | (secondary ? AddressFlags.SECONDARY : 0));
  }

  private static boolean isPrimaryOf(Address primary, Address other) {
    return (primary.flags() & AddressFlags.SECONDARY) == 0
        && primary.local().length() == other.local().length()
        && primary.local().contains(other.local().address());
  }

  private static Address v6(Address address) {
    boolean tentative = (address.flags() & AddressFlags.NODAD) == 0;
    int flags =
        address.flags() & AddressFlags.SETTABLE
            | permanent(address)
            | (tentative ? AddressFlags.TENTATIVE : 0);
    int scope =
        address.local().address().isLinkLocalAddress() ? Route.SCOPE_LINK : Route.SCOPE_UNIVERSE;
    return new Address(
        address.device(),
        address.local(),
        address.peer(),
        address.broadcast(),
        "",
        scope,
        flags,
        address.validSeconds(),
        address.preferredSeconds(),
        address.metric());
  }

  private static int permanent(Address address) {
    return address.validSeconds() == Address.FOREVER ? AddressFlags.PERMANENT : 0;
  }

  /** IPv4: after the last one, primary before secondary. IPv6: before those of its scope. */
  private int place(Address address) {
    int place = 0;
    for (int i = 0; i < state.addresses.size(); i++) {
      Address other = state.addresses.get(i);
      boolean sameList =
          other.device().equals(address.device()) && other.local().isV6() == address.local().isV6();
      if (sameList && goesAfter(address, other)) {
        place = i + 1;
      }
    }
    return place;
  }

  private static boolean goesAfter(Address address, Address other) {
    if (address.local().isV6()) {
      return address.scope() == Route.SCOPE_LINK && other.scope() == Route.SCOPE_UNIVERSE;
    }
    boolean primary = (address.flags() & AddressFlags.SECONDARY) == 0;
    return !primary || (other.flags() & AddressFlags.SECONDARY) == 0;
  }

  void remove(Address asked) {
    Address address =
        state.addresses.stream()
            .filter(asked::isSame)
            .findFirst()
            .orElseThrow(
                () ->
                    FakeState.refusal(
                        "remove address " + asked.local() + " from " + asked.device(),
                        Refusal.EADDRNOTAVAIL,
                        "Address not found"));
    if (!address.local().isV6() && (address.flags() & AddressFlags.SECONDARY) == 0) {
      state.addressesOf(address.device(), false).stream()
          .filter(other -> !other.equals(address) && isPrimaryOf(address, other))
          .forEach(this::drop);
    }
    drop(address);
    if (!address.local().isV6() && state.addressesOf(address.device(), false).isEmpty()) {
      routes.dropV4(address.device());
    }
  }

  private void drop(Address address) {
    state.addresses.remove(address);
    routes.disconnect(address);
    routes.dropWithSource(address.local().address());
  }

  void change(Address asked) {
    for (int i = 0; i < state.addresses.size(); i++) {
      Address address = state.addresses.get(i);
      if (asked.isSame(address)) {
        int kept = address.flags() & ~(AddressFlags.SETTABLE | AddressFlags.PERMANENT);
        int flags = kept | asked.flags() & AddressFlags.SETTABLE | permanent(asked);
        state.addresses.set(
            i,
            address.withFlags(flags).withLifetimes(asked.validSeconds(), asked.preferredSeconds()));
        return;
      }
    }
    throw FakeState.refusal(
        "change address " + asked.local() + " of " + asked.device(), Refusal.EADDRNOTAVAIL, "");
  }

  void dropV6(String device) {
    List<Address> lost = state.addressesOf(device, true);
    state.addresses.removeAll(lost);
    lost.forEach(routes::disconnect);
  }

  void connectAll(FakeLink link) {
    state.addresses.stream()
        .filter(address -> address.device().equals(link.name))
        .forEach(routes::connect);
  }

  /** The link-local address of a device that has begun to run. */
  void generate(FakeLink link) {
    boolean wanted =
        !link.isLoopback()
            && link.ipv6Generation.isPresent()
            && link.ipv6Generation.getAsInt() == Link.IPV6_FROM_MAC;
    boolean there =
        state.addressesOf(link.name, true).stream().anyMatch(a -> a.scope() == Route.SCOPE_LINK);
    if (wanted && !there) {
      add(Address.of(link.name, new IpPrefix(linkLocal(link), 64)));
    }
  }

  /** RFC 4291, appendix A: the MAC with ff:fe in its middle and the universal bit turned. */
  private static InetAddress linkLocal(FakeLink link) {
    byte[] mac = link.mac.octets();
    byte[] address = {
      (byte) 0xFE,
      (byte) 0x80,
      0,
      0,
      0,
      0,
      0,
      0,
      (byte) (mac[0] ^ 2),
      mac[1],
      mac[2],
      (byte) 0xFF,
      (byte) 0xFE,
      mac[3],
      mac[4],
      mac[5]
    };
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  void settle() {
    state.addresses.replaceAll(a -> a.withFlags(a.flags() & ~AddressFlags.TENTATIVE));
  }
}
