package org.passerelle.scripts;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.passerelle.bridge.BridgedNic;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Keepsakes;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.VifNames;
import org.passerelle.natroute.RoutedGuest;

/**
 * Guests of route and NAT mode who go out by a NIC that is about to get a bridge, or to lose it:
 * dom0's addresses move to another device than the one that network-nat or network-route was
 * started for.
 *
 * @param kept what those scripts have kept while they are started
 * @param planned whether there is time before it: it is only printed, and not done
 */
record RoutedByNic(Host host, Keepsakes kept, boolean planned) {
  private static final String BEFORE =
      "guests go out by %s: %s stop netdev=%s before, and start netdev=%s after it: %s";
  private static final String NOW =
      "guests went out by %s: now %s stop netdev=%s, then start netdev=%s: %s";

  /** A router's script, and how its guests are found. */
  private record Router(String script, Function<Host, List<RoutedGuest>> guests) {}

  private static final List<Router> ROUTERS =
      List.of(
          new Router("network-nat", RoutedGuest::translated),
          new Router("network-route", RoutedGuest::routed));

  /** What is to be said when a NIC gets its bridge. */
  List<String> starting(BridgedNic nic) {
    return lines(nic, () -> nic.start(host, KernelRelease.renamesLive()), nic.devices().getFirst());
  }

  /** The same when it loses it. */
  List<String> stopping(BridgedNic nic) {
    return lines(nic, () -> nic.stop(host, KernelRelease.renamesLive()), nic.netdev());
  }

  /** Most hosts have no such guests, and need no second plan. */
  private List<String> lines(BridgedNic nic, Supplier<Plan> plan, String then) {
    List<String> lines =
        Stream.concat(Stream.of(nic.netdev()), nic.devices().stream())
            .distinct()
            .flatMap(device -> ROUTERS.stream().flatMap(one -> line(one, device, then)))
            .toList();
    return lines.isEmpty() || plan.get().isEmpty() ? List.of() : lines;
  }

  private Stream<String> line(Router router, String device, String then) {
    if (!kept.isKept(router.script() + " " + device)) {
      return Stream.empty();
    }
    List<String> vifs =
        router.guests().apply(host).stream()
            .map(guest -> guest.vif() + " (" + guest.addresses() + ")")
            .toList();
    return vifs.isEmpty()
        ? Stream.empty()
        : Stream.of(
            (planned ? BEFORE : NOW)
                .formatted(device, router.script(), device, then, VifNames.of(vifs)));
  }
}
