package org.passerelle.lab.model;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.wire.VlanId;

/**
 * A domU: its vifs in order, and what its own administrator sets on eth0, eth1, …
 *
 * @param forwards whether it is a router between its networks
 */
public record Domain(
    String name, List<VifLine> vifs, List<Interface> interfaces, boolean forwards, Position at) {

  /**
   * The guest's side of the vif with the same number.
   *
   * @param vlan the VLAN that it tags there, by a device of its own
   */
  public record Interface(int index, Optional<VlanId> vlan, Settings settings, Position at) {
    public String device() {
      return "eth" + index + vlan.map(id -> "." + id).orElse("");
    }
  }
}
