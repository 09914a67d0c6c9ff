package org.passerelle.lab.validate;

import java.net.InetAddress;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.passerelle.lab.model.AddressText;
import org.passerelle.lab.model.Family;
import org.passerelle.lab.model.Located;
import org.passerelle.lab.model.Position;
import org.passerelle.lab.model.Problems;
import org.passerelle.lab.model.Settings;
import org.passerelle.lab.topology.Interface;
import org.passerelle.lab.topology.Topology;
import org.passerelle.link.wire.IpPrefix;

/** MACs and addresses are somebody's alone in their segment; gateways are within reach. */
final class AddressRules {
  private final Topology topology;
  private final Problems problems;

  AddressRules(Topology topology, Problems problems) {
    this.topology = topology;
    this.problems = problems;
  }

  void check() {
    Map<String, Interface> macs = new HashMap<>();
    Map<String, Interface> addresses = new HashMap<>();
    for (Interface each : topology.interfaces()) {
      mac(each, macs);
      for (Located<IpPrefix> address : each.settings().addresses()) {
        address(each, address, addresses);
      }
      gateways(each);
      each.settings().routes().forEach(route -> route(each, route));
    }
  }

  private void mac(Interface each, Map<String, Interface> seen) {
    Interface other = seen.putIfAbsent(each.segment() + " " + each.mac(), each);
    // Two devices of one station may share one: a bridge has its physical port's.
    if (other != null && !other.station().equals(each.station())) {
      problems.error(
          each.at(), each.mac() + ": " + other + " has this MAC already on " + each.segment());
    }
  }

  private void address(Interface each, Located<IpPrefix> located, Map<String, Interface> seen) {
    InetAddress address = located.value().address();
    Interface other = seen.putIfAbsent(each.segment() + " " + address, each);
    if (other != null) {
      problems.error(
          located.at(),
          AddressText.of(address)
              + ": "
              + other
              + " has this address already on "
              + each.segment());
    }
    if (isEdge(located.value())) {
      problems.error(
          located.at(),
          AddressText.of(located.value()) + ": this is the network's own or its broadcast address");
    }
  }

  /** The first and last address of an IPv4 network that has more than two. */
  private static boolean isEdge(IpPrefix prefix) {
    if (prefix.isV6() || prefix.length() > 30) {
      return false;
    }
    byte[] octets = prefix.address().getAddress();
    int host = 0;
    for (byte octet : octets) {
      host = host << 8 | octet & 0xFF;
    }
    int mask = prefix.length() == 0 ? -1 : -1 >>> prefix.length();
    return (host & mask) == 0 || (host & mask) == mask;
  }

  private void gateways(Interface each) {
    Set<Family> seen = EnumSet.noneOf(Family.class);
    for (Located<InetAddress> gateway : each.settings().gateways()) {
      reachable(each, gateway.value(), gateway.at());
      if (!seen.add(Family.of(gateway.value()))) {
        problems.error(
            gateway.at(),
            AddressText.of(gateway.value())
                + ": a second "
                + Family.of(gateway.value())
                + " gateway of "
                + each
                + "; there can be one default route");
      }
    }
  }

  private void route(Interface each, Located<Settings.StaticRoute> route) {
    reachable(each, route.value().gateway(), route.at());
  }

  private void reachable(Interface each, InetAddress gateway, Position at) {
    String text = AddressText.of(gateway);
    if (each.has(gateway)) {
      problems.error(at, text + ": a gateway cannot be " + each + "'s own address");
    } else if (!each.isOnLink(gateway) && !gateway.isLinkLocalAddress()) {
      problems.error(
          at,
          text
              + ": this gateway is in none of the networks of "
              + each
              + ", which has "
              + (each.addresses().isEmpty()
                  ? "no address"
                  : String.join(", ", each.addresses().stream().map(AddressText::of).toList())));
    }
  }
}
