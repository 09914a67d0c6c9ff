package org.passerelle.lab.run;

import java.util.HashMap;
import java.util.Map;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.os.Sysctl;

/** The network namespaces of a lab: one for each station, one for each wire. */
final class Places {
  private final Map<String, Place> stations = new HashMap<>();
  private final Map<String, Place> wires = new HashMap<>();
  private final Teardown teardown;

  /** A namespace and its configuration; the latter is used by the lab's own thread only. */
  record Place(Namespace namespace, NetlinkKernel kernel) {}

  Places(Teardown teardown) {
    this.teardown = teardown;
  }

  Place addStation(String name) {
    Place place = make(name);
    stations.put(name, place);
    return place;
  }

  Place addWire(String name) {
    Place place = make("wire " + name);
    // A wire has no voice of its own.
    Sysctl.in(place.namespace()).write("net/ipv6/conf/all/disable_ipv6", "1");
    Sysctl.in(place.namespace()).write("net/ipv6/conf/default/disable_ipv6", "1");
    wires.put(name, place);
    return place;
  }

  Place station(String name) {
    return stations.get(name);
  }

  Place wire(String name) {
    return wires.get(name);
  }

  private Place make(String name) {
    Namespace namespace = Namespace.create();
    teardown.add("namespace of " + name, namespace::close);
    NetlinkKernel kernel = namespace.kernel();
    teardown.add("netlink socket of " + name, kernel::close);
    // A new namespace inherits these from the machine, where they may be anything.
    Sysctl.in(namespace).write("net/ipv4/ip_forward", "0");
    Sysctl.in(namespace).write("net/ipv4/conf/default/rp_filter", "0");
    Sysctl.in(namespace).write("net/ipv4/conf/all/rp_filter", "0");
    namespace.loopbackUp();
    return new Place(namespace, kernel);
  }
}
