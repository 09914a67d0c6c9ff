package org.passerelle.link.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.passerelle.link.rtnl.Route;

/** Whose configuration operations change. */
final class Devices {
  private Devices() {}

  static Set<String> of(List<Operation> operations) {
    Set<String> devices = new HashSet<>();
    for (Operation operation : operations) {
      devices.addAll(operation.devices());
    }
    return Set.copyOf(devices);
  }

  static List<String> of(Route route) {
    List<String> devices = new ArrayList<>();
    devices.add(route.device());
    route.hops().forEach(hop -> devices.add(hop.device()));
    return devices;
  }
}
