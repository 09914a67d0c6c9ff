package org.passerelle.link.rtnl;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.list.Lists;

/**
 * Whether a bridge looks at VLAN tags, IFLA_BR_VLAN_FILTERING of linux/if_link.h; as a kind, the
 * change of this alone. A port of a new bridge that does is a member of VLAN 1, untagged, and of no
 * other: what comes in with another VLAN's tag is dropped. A kernel without
 * CONFIG_BRIDGE_VLAN_FILTERING refuses it with EOPNOTSUPP (seen on 6.18), and never tells it.
 */
public record VlanFiltering(boolean on) implements LinkKind {
  private static final String BRIDGE = "bridge";
  private static final int TYPE = 7;

  /** A bridge's setting in its IFLA_INFO_DATA; empty where the kernel has none. */
  public static Optional<VlanFiltering> of(List<RawAttribute> data) {
    return Lists.first(
            data, attribute -> attribute.type() == TYPE && attribute.value().length == Byte.BYTES)
        .map(attribute -> new VlanFiltering(attribute.value()[0] != 0));
  }

  /** The setting of a link that may be anything; empty for what is no bridge, too. */
  public static Optional<VlanFiltering> of(Link link) {
    return link.kind().equals(BRIDGE) ? of(link.data()) : Optional.empty();
  }

  @Override
  public String name() {
    return BRIDGE;
  }

  @Override
  public List<RawAttribute> data() {
    return List.of(new RawAttribute(TYPE, new byte[] {(byte) (on ? 1 : 0)}));
  }

  @Override
  public String ipArguments() {
    return "vlan_filtering " + (on ? 1 : 0);
  }
}
