package org.passerelle.vlan;

import java.util.Optional;
import org.passerelle.link.plan.Ownership;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.wire.VlanId;

/**
 * The mark on what was made for a VLAN of a NIC, its device and its bridge; or of a vif, the tap
 * that the trunk process serves.
 *
 * @param netdev the NIC's own name, or the vif's, in which there may be dots
 */
record VlanMark(String netdev, VlanId vlan, boolean ofVif) {
  private static final String OWNER = "network-vlan:";
  private static final String VIF_OWNER = "vif-trunk:";
  private static final String NUMBER = "[1-9][0-9]{0,3}";

  /** Empty for links of others. */
  static Optional<VlanMark> of(Link link) {
    return of(link, false).or(() -> of(link, true));
  }

  private static Optional<VlanMark> of(Link link, boolean ofVif) {
    String mark = Ownership.alias(owner(ofVif));
    int dot = link.alias().lastIndexOf('.');
    if (!Ownership.isOurs(link) || !link.alias().startsWith(mark) || dot < mark.length()) {
      return Optional.empty();
    }
    return number(link.alias().substring(dot + 1))
        .map(vlan -> new VlanMark(link.alias().substring(mark.length(), dot), vlan, ofVif));
  }

  /** As names and marks end; empty for what is no VLAN's number. */
  static Optional<VlanId> number(String text) {
    return text.matches(NUMBER) && Integer.parseInt(text) <= VlanId.HIGHEST
        ? Optional.of(VlanId.parse(text))
        : Optional.empty();
  }

  private static String owner(boolean ofVif) {
    return ofVif ? VIF_OWNER : OWNER;
  }

  /** Whom such links are marked for. */
  String owner() {
    return owner(ofVif) + netdev + "." + vlan;
  }
}
