package org.passerelle.lab.switching;

import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.wire.EtherType;
import org.passerelle.vlan.VlanKind;

/**
 * What a VLAN's device in user space is.
 *
 * @param lower the index of the device that it lies on
 */
record VlanSettings(int lower, VlanKind kind) {

  /** Those of a new one; throws KernelException when it cannot be had. */
  static VlanSettings of(LinkSpec spec, Link lower) {
    String operation = "create " + spec.name();
    VlanKind kind =
        VlanKind.of(lower.name(), spec.kind().data())
            .orElseThrow(() -> Refusals.of(operation, Refusal.EINVAL, "VLAN id not specified"));
    if (kind.protocol() != EtherType.VLAN) {
      throw Refusals.of(
          operation, Refusal.EOPNOTSUPP, "user space has VLANs of 802.1Q only, no service VLANs");
    }
    return new VlanSettings(lower.index(), kind);
  }

  boolean isSameNetwork(VlanSettings other) {
    return lower == other.lower && kind.id().equals(other.kind.id());
  }

  /** The link as it is with us. */
  Link told(Link link) {
    return link.withKind(VlanKind.NAME, lower, kind.data());
  }
}
