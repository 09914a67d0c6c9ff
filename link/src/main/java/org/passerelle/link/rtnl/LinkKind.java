package org.passerelle.link.rtnl;

import java.util.List;
import java.util.Optional;

/**
 * What a link is and how it is set: one class a kind ({@link VethKind} here, {@code BridgeKind} in
 * bridge, {@code VlanKind} in vlan), each with its attributes written down once.
 */
public interface LinkKind {

  /** The kernel's word for it, IFLA_INFO_KIND. */
  String name();

  /** The attributes to put into IFLA_INFO_DATA, in order; none is fine. */
  List<RawAttribute> data();

  /** The device that such a link lies on (IFLA_LINK), for kinds that have one. */
  default Optional<String> lower() {
    return Optional.empty();
  }

  /** The same kind; links that are born together with it carry the group too (a veth's peer). */
  default LinkKind inGroup(int group) {
    return this;
  }

  /** The words that {@code ip link add … type} takes after the kind's name, for plans in print. */
  String ipArguments();
}
