package org.passerelle.lab.model;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.link.wire.VlanId;

/**
 * A host on a wire, outside of the Xen host; its one interface is eth0.
 *
 * @param vlans those that it has on eth0: eth0.100
 */
public record OutsideHost(
    String name,
    String wire,
    Optional<Located<MacAddress>> mac,
    Settings settings,
    List<Vlan> vlans,
    Position at) {

  /** What its administrator sets on a VLAN's device. */
  public record Vlan(VlanId id, Settings settings, Position at) {}
}
