package org.passerelle.vlan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.passerelle.bridge.Requirements;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.Uplink;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.wire.EtherType;
import org.passerelle.link.wire.VlanId;

/**
 * What must be so before VLANs are put on a NIC; all of it is looked at before anything is made.
 */
final class VlanChecks {
  private final TaggedNic tagged;
  private final Host host;
  private final Link nic;

  /** The devices that carry the NIC's VLANs now, whoever made them. */
  private final Map<VlanId, Link> present = new HashMap<>();

  VlanChecks(TaggedNic tagged, Host host, Link nic) {
    this.tagged = tagged;
    this.host = host;
    this.nic = nic;
  }

  /** Throws {@link RefusedException} for the first that cannot be had. */
  void check(List<VlanBridge> wanted) {
    Uplink.check(nic);
    for (Link link : host.links()) {
      vlanOfNic(link).ifPresent(vlan -> present.put(vlan, link));
    }
    wanted.forEach(this::check);
  }

  private Optional<VlanId> vlanOfNic(Link link) {
    return VlanKind.of(nic.name(), link)
        .filter(kind -> link.lower() == nic.index() && !link.lowerElsewhere())
        .filter(kind -> kind.protocol() == EtherType.VLAN)
        .map(VlanKind::id)
        .or(() -> tagged.servedVlan(link));
  }

  private void check(VlanBridge wanted) {
    Requirements.validName(wanted.bridge());
    checkDevice(wanted);
    host.link(wanted.bridge()).ifPresent(bridge -> checkBridge(bridge, wanted.vlan()));
  }

  private void checkDevice(VlanBridge wanted) {
    String device = tagged.device(wanted.vlan());
    Optional<Link> carrier = Optional.ofNullable(present.get(wanted.vlan()));
    if (carrier.isEmpty() && host.link(device).isPresent()) {
      throw new RefusedException(
          device + " is there, and is not VLAN " + wanted.vlan() + " of " + nic.name());
    }
    carrier.ifPresent(
        link -> {
          if (!link.name().equals(device)) {
            throw new RefusedException(
                name(wanted.vlan())
                    + " has a device already, "
                    + link.name()
                    + "; rename it to "
                    + device
                    + " or remove it");
          }
          checkUse(link, wanted);
        });
  }

  private void checkUse(Link device, VlanBridge wanted) {
    if (device.master() != 0 && !host.master(device).equals(wanted.bridge())) {
      throw new RefusedException(
          device.name()
              + " is a port of "
              + host.master(device)
              + " already, not of "
              + wanted.bridge()
              + "; use bridge="
              + host.master(device));
    }
    boolean addressed =
        host.addresses().stream()
            .anyMatch(
                one ->
                    one.device().equals(device.name())
                        && !one.local().address().isLinkLocalAddress());
    if (device.master() == 0 && addressed) {
      throw new RefusedException(
          "dom0 has addresses on "
              + device.name()
              + "; to bridge it and keep them: network-bridge start netdev="
              + device.name()
              + " bridge="
              + wanted.bridge());
    }
  }

  private void checkBridge(Link bridge, VlanId vlan) {
    Requirements.isBridge(bridge);
    if (tagged.isForAnother(bridge, vlan)) {
      throw joins(bridge, vlan, "was made for another VLAN");
    }
    for (Link port : host.ports(bridge)) {
      boolean another = VlanDevice.of(host, port).isPresent() && !port.equals(present.get(vlan));
      if (another || port.index() == nic.index()) {
        throw joins(bridge, vlan, "has the port " + port.name());
      }
    }
  }

  private RefusedException joins(Link bridge, VlanId vlan, String why) {
    return new RefusedException(
        bridge.name() + " " + why + ": with " + name(vlan) + " on it two networks would be one");
  }

  private String name(VlanId vlan) {
    return "VLAN " + vlan + " of " + nic.name();
  }
}
