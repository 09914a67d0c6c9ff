package org.passerelle.vlan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.passerelle.link.plan.Host;
import org.passerelle.link.rtnl.Link;

/**
 * Where a VLAN cannot carry what its bridge, or a port of that, sends: a VLAN's device has at most
 * its NIC's MTU, and a bridge drops longer frames without a word.
 */
final class VlanMtu {
  private final TaggedNic tagged;
  private final Host host;
  private final Link nic;

  VlanMtu(TaggedNic tagged, Host host, Link nic) {
    this.tagged = tagged;
    this.host = host;
    this.nic = nic;
  }

  /** One line for each device whose frames may be too long. */
  List<String> warnings(List<VlanBridge> wanted) {
    List<String> warnings = new ArrayList<>();
    for (VlanBridge one : wanted) {
      String device = tagged.device(one.vlan());
      int carried = host.link(device).map(Link::mtu).orElse(nic.mtu());
      host.link(one.bridge()).stream()
          .flatMap(bridge -> Stream.concat(Stream.of(bridge), host.ports(bridge).stream()))
          .filter(link -> link.mtu() > carried)
          .forEach(link -> warnings.add(warning(link, device, carried)));
    }
    return warnings;
  }

  private String warning(Link link, String device, int carried) {
    return link.name()
        + " has mtu "
        + link.mtu()
        + ", and "
        + device
        + " carries "
        + carried
        + ": what is longer is lost; lower the one (ip link set dev "
        + link.name()
        + " mtu "
        + carried
        + ") or raise "
        + nic.name()
        + "'s";
  }
}
