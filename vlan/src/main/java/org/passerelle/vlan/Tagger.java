package org.passerelle.vlan;

import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.TapKind;
import org.passerelle.link.wire.VlanId;

/** Who puts a NIC's tags in and takes them out. */
public enum Tagger {
  /** The kernel's own VLAN devices (8021q). */
  KERNEL,
  /** The trunk process, in user space: each VLAN's device is a tap, whose other end it has. */
  TRUNK;

  /**
   * The device of a VLAN, to be made; with the NIC's MTU, and with its MAC unless another is set.
   */
  LinkSpec device(String name, Link nic, VlanId vlan) {
    return switch (this) {
      case KERNEL -> LinkSpec.of(name, new VlanKind(nic.name(), vlan));
      case TRUNK -> LinkSpec.of(name, new TapKind()).withMac(nic.mac()).withMtu(nic.mtu());
    };
  }
}
