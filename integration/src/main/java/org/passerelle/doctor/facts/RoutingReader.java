package org.passerelle.doctor.facts;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.passerelle.link.plan.Host;
import org.passerelle.natroute.RoutedGuest;

/** Looks where routes lead. */
final class RoutingReader {
  private final Host host;

  RoutingReader(Host host) {
    this.host = host;
  }

  /**
   * @param vifs guests' devices
   */
  Routing read(Set<String> vifs) {
    return new Routing(
        guests(),
        host.routes().stream()
            .flatMap(
                route ->
                    Stream.concat(
                            Stream.of(route.device()),
                            route.hops().stream().map(hop -> hop.device()))
                        .filter(device -> !device.isEmpty() && !vifs.contains(device))
                        .map(device -> new Routing.Way(route.destination(), device)))
            .toList(),
        // Those of vifs are as many as there are guests, and each guest's own router alone.
        host.addresses().stream()
            .filter(one -> !vifs.contains(one.device()))
            .map(one -> new Routing.Own(one.device(), one.local().address()))
            .toList());
  }

  private Map<String, Routing.Guest> guests() {
    Map<String, Routing.Guest> guests = new HashMap<>();
    add(guests, RoutedGuest.translated(host), Routing.Mode.NAT);
    add(guests, RoutedGuest.routed(host), Routing.Mode.ROUTE);
    return guests;
  }

  private static void add(
      Map<String, Routing.Guest> to, List<RoutedGuest> guests, Routing.Mode mode) {
    for (RoutedGuest guest : guests) {
      to.merge(
          guest.vif(),
          new Routing.Guest(mode, guest.all()),
          (one, _) -> new Routing.Guest(Routing.Mode.EITHER, one.addresses()));
    }
  }
}
