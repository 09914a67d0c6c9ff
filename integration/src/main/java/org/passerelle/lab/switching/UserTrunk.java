package org.passerelle.lab.switching;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.passerelle.bridge.learning.PortVlans;
import org.passerelle.link.port.Port;
import org.passerelle.link.wire.VlanId;

/**
 * The VLANs of one device: what comes in there with a VLAN's tag goes to that VLAN's device without
 * it, and back. What has no tag is left to the kernel, which on its part does nothing with tags of
 * which it knows no device. Used by the switch's thread only.
 *
 * <pre>
 *   eth0.100 == access port, 100 --+
 *   eth0.200 == access port, 200 --+-- trunk port: 100, 200 == eth0
 * </pre>
 */
final class UserTrunk {
  private final int lower;
  private final UserBridge frames;
  private final Map<Integer, VlanId> vlans = new HashMap<>();

  /**
   * A trunk without VLANs.
   *
   * @param lower the index of the device that carries them
   * @param port the way to it
   */
  UserTrunk(String name, int lower, SwitchThread thread, Port port) {
    this.lower = lower;
    this.frames = new UserBridge(name, lower, thread, port);
    frames.vlans(PortVlans.trunk(List.of()));
    frames.ageing(0); // a VLAN has two ports: there is nothing to be learnt
    frames.up(true);
  }

  void add(int device, VlanId vlan, Port port) {
    frames.add(device, port, true);
    frames.vlans(device, PortVlans.access(vlan));
    vlans.put(device, vlan);
    carry();
  }

  /** Lets a VLAN's device go; whoever asked closes its port. */
  Optional<Port> remove(int device) {
    vlans.remove(device);
    carry();
    return frames.remove(device);
  }

  private void carry() {
    frames.vlans(lower, PortVlans.trunk(vlans.values()));
  }

  boolean isIdle() {
    return vlans.isEmpty();
  }

  /** Ends it; whoever asked closes the ports, of which those of VLANs delete their devices. */
  List<Port> end() {
    return frames.end();
  }
}
