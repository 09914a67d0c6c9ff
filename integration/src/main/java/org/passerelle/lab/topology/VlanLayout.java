package org.passerelle.lab.topology;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.passerelle.lab.model.ScriptCall;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.wire.VlanId;
import org.passerelle.scripts.NetworkBridgeVlan;
import org.passerelle.scripts.NetworkMultiVlan;
import org.passerelle.vlan.TaggedNic;
import org.passerelle.vlan.VlanBridge;

/**
 * What network-bridge-vlan or network-multi-vlan makes of the host: a device and a bridge for each
 * VLAN of a NIC.
 */
public record VlanLayout(TaggedNic nic, List<VlanBridge> vlans) {
  static final String MULTI = "network-multi-vlan";
  static final String SINGLE = "network-bridge-vlan";

  /**
   * Empty for other scripts, and with {@code bridge=null}.
   *
   * @throws RefusedException for VLANs that there cannot be
   */
  public static Optional<VlanLayout> of(ScriptCall call) {
    TaggedNic nic = new TaggedNic(call.argument("netdev").orElse("eth0"));
    if (call.argument("bridge").equals(Optional.of("null"))) {
      return Optional.empty();
    }
    return switch (call.name()) {
      case MULTI ->
          Optional.of(new VlanLayout(nic, new NetworkMultiVlan().wanted(call.arguments())));
      case SINGLE ->
          Optional.of(new VlanLayout(nic, new NetworkBridgeVlan().wanted(call.arguments())));
      default -> Optional.empty();
    };
  }

  /** The VLAN whose bridge this is. */
  Optional<VlanId> vlanOf(String bridge) {
    return vlans.stream()
        .filter(one -> one.bridge().equals(bridge))
        .map(VlanBridge::vlan)
        .findFirst();
  }

  public Optional<String> bridgeOf(VlanId vlan) {
    return vlans.stream()
        .filter(one -> one.vlan().equals(vlan))
        .map(VlanBridge::bridge)
        .findFirst();
  }

  /** The devices in dom0 that it stands for. */
  public List<String> devices() {
    return vlans.stream().flatMap(one -> Stream.of(nic.device(one.vlan()), one.bridge())).toList();
  }

  /** The network that a VLAN of a wire is. */
  static String segment(String wire, VlanId vlan) {
    return wire + " VLAN " + vlan;
  }
}
