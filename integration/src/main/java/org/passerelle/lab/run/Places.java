package org.passerelle.lab.run;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.passerelle.lab.model.Lab;
import org.passerelle.lab.switching.SwitchThread;
import org.passerelle.lab.switching.SwitchedNamespace;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.Sysctl;
import org.passerelle.link.rtnl.Kernel;

/** The network namespaces of a lab: one for each station, one for each wire. */
final class Places {
  private final Map<String, Place> stations = new HashMap<>();
  private final Map<String, Place> wires = new HashMap<>();
  private final Teardown teardown;

  /** Opens a namespace's configuration; each one that it returns has one owner. */
  private final Function<Namespace, Supplier<Kernel>> doors;

  /**
   * A namespace and its configuration.
   *
   * @param kernel used by the lab's own thread only
   * @param door opens another one, for other threads
   */
  record Place(Namespace namespace, Kernel kernel, Supplier<Kernel> door) {

    /** From now on packets pass from one of its networks to another, of both families. */
    void forward() {
      Sysctl.in(namespace).write("net/ipv4/ip_forward", "1");
      Sysctl.in(namespace).write("net/ipv6/conf/all/forwarding", "1");
    }
  }

  /**
   * @param switching who bridges
   */
  Places(Lab.Switching switching, Teardown teardown) {
    this.teardown = teardown;
    this.doors = switching == Lab.Switching.USERSPACE ? inUserSpace() : one -> one::kernel;
  }

  private Function<Namespace, Supplier<Kernel>> inUserSpace() {
    SwitchThread thread = new SwitchThread();
    teardown.add("switch", thread::close);
    return namespace -> {
      SwitchedNamespace switched = new SwitchedNamespace(thread, namespace);
      teardown.add("bridges in user space", switched::close);
      return switched::kernel;
    };
  }

  Place addStation(String name) {
    Place place = make(name);
    stations.put(name, place);
    return place;
  }

  Place addWire(String name) {
    Place place = make("wire " + name);
    // A wire has no voice of its own.
    Sysctl.in(place.namespace()).disableIpv6();
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
    Supplier<Kernel> door = doors.apply(namespace);
    Kernel kernel = door.get();
    teardown.add("netlink socket of " + name, kernel::close);
    // A new namespace inherits these from the machine, where they may be anything.
    Sysctl.in(namespace).write("net/ipv4/ip_forward", "0");
    Sysctl.in(namespace).write("net/ipv4/conf/default/rp_filter", "0");
    Sysctl.in(namespace).write("net/ipv4/conf/all/rp_filter", "0");
    namespace.loopbackUp();
    return new Place(namespace, kernel, door);
  }
}
