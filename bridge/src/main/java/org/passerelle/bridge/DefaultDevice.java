package org.passerelle.bridge;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.Optional;
import org.passerelle.link.plan.Host;
import org.passerelle.link.rtnl.Route;

/** By which device one goes outside. */
public final class DefaultDevice {
  private DefaultDevice() {}

  /** IPv4's before IPv6's, the lowest metric first; of several ways the first. */
  public static Optional<String> of(Host host) {
    return host.routes().stream()
        .filter(route -> route.destination().length() == 0)
        .filter(route -> route.table() == Route.TABLE_MAIN)
        .filter(route -> route.type() == Route.TYPE_UNICAST)
        .sorted(Comparator.comparing(Route::isV6).thenComparing(Route::metric))
        .map(DefaultDevice::device)
        .filter(device -> !device.isEmpty() && !device.equals("lo"))
        .findFirst();
  }

  /** The device of the narrowest route to an address; of several ways the first. */
  public static Optional<String> towards(InetAddress address, Host host) {
    return host.routes().stream()
        .filter(route -> route.table() == Route.TABLE_MAIN)
        .filter(route -> route.destination().contains(address))
        .min(
            Comparator.<Route>comparingInt(route -> -route.destination().length())
                .thenComparing(Route::metric))
        .map(DefaultDevice::device)
        .filter(device -> !device.isEmpty());
  }

  private static String device(Route route) {
    return route.hops().isEmpty() ? route.device() : route.hops().getFirst().device();
  }
}
