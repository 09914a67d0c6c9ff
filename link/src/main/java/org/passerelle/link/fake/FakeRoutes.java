package org.passerelle.link.fake;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.AddressFlags;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.wire.IpPrefix;

/** Routes: the kernel's own for each address, and the rules for those of users. */
final class FakeRoutes {
  private static final int ON_LINK = 4;
  private static final int TABLE_LOCAL = 255;
  private static final int TYPE_BROADCAST = 3;
  private static final Comparator<Route> MOST_PARTICULAR =
      Comparator.comparingInt((Route route) -> -route.destination().length())
          .thenComparingLong(Route::metric);
  private static final long IPV6_CONNECTED_METRIC = 256;
  private static final long IPV6_USER_METRIC = 1024;
  private final FakeState state;

  FakeRoutes(FakeState state) {
    this.state = state;
  }

  /**
   * The host's own addresses and those of all before others; then the most particular, the best of
   * them.
   */
  Optional<Route> to(InetAddress destination) {
    return state.addresses.stream()
        .filter(own -> own.local().address().equals(destination))
        .map(own -> kernels(own, destination, Route.TYPE_LOCAL))
        .findFirst()
        .or(
            () ->
                state.addresses.stream()
                    .filter(own -> isBroadcast(own.local(), destination))
                    .map(own -> kernels(own, destination, TYPE_BROADCAST))
                    .findFirst())
        .or(
            () ->
                state.routes.stream()
                    .filter(route -> route.destination().contains(destination))
                    .min(MOST_PARTICULAR)
                    .filter(route -> route.type() == Route.TYPE_UNICAST));
  }

  /** A network of two has no address for all (RFC 3021). */
  private static boolean isBroadcast(IpPrefix own, InetAddress destination) {
    return !own.isV6() && own.length() <= 30 && own.last().equals(destination);
  }

  /** As the kernel makes one for an address. */
  private static Route kernels(Address own, InetAddress destination, int type) {
    return new Route(
        IpPrefix.single(destination),
        own.device(),
        Optional.empty(),
        Optional.of(own.local().address()),
        TABLE_LOCAL,
        Route.PROTOCOL_KERNEL,
        type == Route.TYPE_LOCAL ? Route.SCOPE_HOST : Route.SCOPE_LINK,
        type,
        0,
        0,
        Optional.empty(),
        List.of(),
        List.of());
  }

  /** As a user adds one: exclusive of its destination and metric, through what is reachable. */
  void add(Route asked) {
    Route route = normal(asked);
    add(route, state.routes.stream().anyMatch(other -> isSame(other, route)));
  }

  /** Beside those of other devices. */
  void append(Route asked) {
    Route route = normal(asked);
    add(
        route,
        state.routes.stream()
            .anyMatch(other -> isSame(other, route) && other.device().equals(route.device())));
  }

  private void add(Route route, boolean taken) {
    String operation = "add route " + route.destination();
    if (!route.device().isEmpty() && !state.require(operation, route.device()).up) {
      throw FakeState.refusal(operation, Refusal.ENETDOWN, "Device for nexthop is not up");
    }
    if (taken) {
      throw FakeState.refusal(operation, Refusal.EEXIST, "");
    }
    route.source().ifPresent(source -> requireLocal(operation, source));
    route.gateway().ifPresent(gateway -> requireReachable(operation, route, gateway));
    state.routes.add(route);
  }

  private static Route normal(Route route) {
    return route.isV6() && route.metric() == 0 ? withMetric(route) : route;
  }

  private void requireLocal(String operation, InetAddress source) {
    if (state.addresses.stream().noneMatch(a -> a.local().address().equals(source))) {
      throw FakeState.refusal(operation, Refusal.EINVAL, "Invalid prefsrc address");
    }
  }

  private void requireReachable(String operation, Route route, InetAddress gateway) {
    boolean reachable =
        (route.flags() & ON_LINK) != 0
            || gateway.isLinkLocalAddress()
            || state.routes.stream()
                .anyMatch(
                    other ->
                        other.gateway().isEmpty()
                            && other.uses(route.device())
                            && other.destination().contains(gateway));
    if (!reachable) {
      throw FakeState.refusal(
          operation,
          route.isV6() ? Refusal.EHOSTUNREACH : Refusal.ENETUNREACH,
          route.isV6() ? "" : "Nexthop has invalid gateway");
    }
  }

  /** In the place of the one of the same destination, table and metric. */
  void replace(Route asked) {
    String operation = "replace route " + asked.destination();
    Route old =
        state.routes.stream()
            .filter(other -> isSame(other, asked))
            .findFirst()
            .orElseThrow(() -> FakeState.refusal(operation, Refusal.ENOENT, ""));
    state.routes.remove(old);
    try {
      add(asked);
    } catch (KernelException refused) {
      state.routes.add(old);
      throw refused;
    }
  }

  void remove(Route asked) {
    Route route = normal(asked);
    boolean removed =
        state.routes.removeIf(
            other -> isSame(other, route) && other.device().equals(route.device()));
    if (!removed) {
      throw FakeState.refusal("remove route " + route.destination(), Refusal.ESRCH, "");
    }
  }

  private static boolean isSame(Route left, Route right) {
    return left.destination().equals(right.destination())
        && left.table() == right.table()
        && left.metric() == right.metric();
  }

  private static Route withMetric(Route route) {
    return connected(route.destination(), route, IPV6_USER_METRIC);
  }

  private static Route connected(IpPrefix destination, Route like, long metric) {
    return new Route(
        destination,
        like.device(),
        like.gateway(),
        like.source(),
        like.table(),
        like.protocol(),
        like.scope(),
        like.type(),
        metric,
        like.flags(),
        like.expiresSeconds(),
        like.hops(),
        like.rest());
  }

  /** The route that comes with an address on a device that is up. */
  void connect(Address address) {
    if (!makesRoute(address)) {
      return;
    }
    Route route = connected(address);
    if (!state.routes.contains(route)) {
      state.routes.add(route);
    }
  }

  /** The route goes with its address, unless IPv6 needs it for another one. */
  void disconnect(Address address) {
    boolean needed =
        address.local().isV6()
            && state.addressesOf(address.device(), true).stream()
                .anyMatch(other -> makesRoute(other) && network(other).equals(network(address)));
    if (makesRoute(address) && !needed) {
      state.routes.remove(connected(address));
    }
  }

  private static boolean makesRoute(Address address) {
    boolean single = !address.local().isV6() && address.local().length() == 32;
    boolean refused =
        (address.flags() & AddressFlags.NOPREFIXROUTE) != 0
            || !address.local().isV6() && (address.flags() & AddressFlags.SECONDARY) != 0;
    return !refused && (!single || address.peer().isPresent());
  }

  private static Route connected(Address address) {
    boolean v6 = address.local().isV6();
    long metric = address.metric() == 0 && v6 ? IPV6_CONNECTED_METRIC : address.metric();
    return new Route(
        network(address),
        address.device(),
        Optional.empty(),
        v6 ? Optional.empty() : Optional.of(address.local().address()),
        Route.TABLE_MAIN,
        Route.PROTOCOL_KERNEL,
        v6 ? Route.SCOPE_UNIVERSE : Route.SCOPE_LINK,
        Route.TYPE_UNICAST,
        metric,
        0,
        Optional.empty(),
        List.of(),
        List.of());
  }

  private static IpPrefix network(Address address) {
    byte[] octets = address.peer().orElse(address.local().address()).getAddress();
    int length = address.local().length();
    for (int bit = length; bit < octets.length * 8; bit++) {
      octets[bit >> 3] &= (byte) ~(0x80 >> (bit & 7));
    }
    try {
      return new IpPrefix(InetAddress.getByAddress(octets), length);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All routes by a device go when it goes down. */
  void dropAll(String device) {
    state.routes.removeIf(route -> route.uses(device));
  }

  void dropV4(String device) {
    state.neighbours.removeIf(
        one -> one.device().equals(device) && one.address() instanceof Inet4Address);
    state.routes.removeIf(route -> !route.isV6() && route.uses(device));
  }

  /** Routes that prefer a source address which no device has any more. */
  void dropWithSource(InetAddress source) {
    boolean stillLocal =
        state.addresses.stream().anyMatch(address -> address.local().address().equals(source));
    if (!stillLocal) {
      state.routes.removeIf(route -> route.source().filter(source::equals).isPresent());
    }
  }
}
