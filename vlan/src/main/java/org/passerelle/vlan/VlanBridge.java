package org.passerelle.vlan;

import org.passerelle.link.wire.VlanId;

/**
 * A VLAN, and the bridge that its domains are to be ports of.
 *
 * @param bridge {@code vlanbr100} unless somebody wants another name
 */
public record VlanBridge(VlanId vlan, String bridge) {

  /** With the name that Xen's script gives the bridge. */
  public static VlanBridge of(VlanId vlan) {
    return new VlanBridge(vlan, "vlanbr" + vlan);
  }
}
