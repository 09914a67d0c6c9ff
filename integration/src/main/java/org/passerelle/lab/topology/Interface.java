package org.passerelle.lab.topology;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.passerelle.lab.model.Family;
import org.passerelle.lab.model.Position;
import org.passerelle.lab.model.Settings;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.link.wire.VlanId;

/**
 * A station's interface.
 *
 * @param segment the name of the network that its frames reach without a router: a wire, or a
 *     bridge that no wire is plugged into, or one VLAN of a wire
 * @param vlan the VLAN whose frames it tags, by the name of eth0.100 on eth0
 */
public record Interface(
    String station,
    String device,
    MacAddress mac,
    Settings settings,
    String segment,
    Optional<VlanId> vlan,
    Position at) {

  /** One without a tag. */
  public Interface(
      String station,
      String device,
      MacAddress mac,
      Settings settings,
      String segment,
      Position at) {
    this(station, device, mac, settings, segment, Optional.empty(), at);
  }

  /** Whether its frames pass the wire, tagged or not. */
  public boolean isOn(String wire) {
    return segment.equals(vlan.map(id -> VlanLayout.segment(wire, id)).orElse(wire));
  }

  public List<IpPrefix> addresses() {
    return settings.addresses().stream().map(located -> located.value()).toList();
  }

  public Optional<InetAddress> address(Family family) {
    return addresses().stream()
        .map(IpPrefix::address)
        .filter(address -> Family.of(address) == family)
        .findFirst();
  }

  public boolean has(InetAddress address) {
    return addresses().stream().anyMatch(prefix -> prefix.address().equals(address));
  }

  /** True when {@code address} is in one of this interface's own networks. */
  public boolean isOnLink(InetAddress address) {
    return addresses().stream().anyMatch(prefix -> prefix.contains(address));
  }

  /** True when packets to {@code address} have a way out here. */
  public boolean hasRouteTo(InetAddress address) {
    return isOnLink(address)
        || settings.routes().stream().anyMatch(r -> r.value().destination().contains(address))
        || settings.gateways().stream().anyMatch(g -> Family.of(g.value()) == Family.of(address));
  }

  @Override
  public String toString() {
    return station + "/" + device;
  }
}
