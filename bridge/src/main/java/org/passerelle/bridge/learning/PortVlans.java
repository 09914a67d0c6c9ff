package org.passerelle.bridge.learning;

import java.util.BitSet;
import java.util.Collection;
import org.passerelle.link.wire.EtherType;
import org.passerelle.link.wire.VlanId;
import org.passerelle.link.wire.VlanTag;

/**
 * The VLANs that a port carries (IEEE 802.1Q-2018, 8.4, 8.6.2, 8.8.2). What comes in with the tag
 * of another one is refused, and so is what comes in without a tag where the port has no VLAN for
 * that; what goes out has a tag, or has none, by its VLAN.
 */
public final class PortVlans {
  /** A port of a bridge that does not look at tags: all frames are of one kind, and stay as is. */
  static final PortVlans PLAIN = new PortVlans(0);

  /** The VLAN of all frames of such a bridge. */
  static final int NO_VLAN = 0;

  static final int REFUSED = -1;

  /** The VLAN of what has no tag, the PVID; {@link #NO_VLAN} when that is refused. */
  private final int untagged;

  private final BitSet tagged = new BitSet();

  /** Whether what goes out by it may have a tag within that of its VLAN. */
  private final boolean tagsWithin;

  private PortVlans(int untagged) {
    this(untagged, true);
  }

  private PortVlans(int untagged, boolean tagsWithin) {
    this.untagged = untagged;
    this.tagsWithin = tagsWithin;
  }

  /** A port for a station that knows of no VLANs: untagged frames, of one VLAN. */
  public static PortVlans access(VlanId vlan) {
    return new PortVlans(vlan.number());
  }

  /** The same, which gets nothing with a further tag within that of its VLAN. */
  static PortVlans accessWithoutTags(VlanId vlan) {
    return new PortVlans(vlan.number(), false);
  }

  /** A port that carries each of these with its tag, and nothing without. */
  public static PortVlans trunk(Collection<VlanId> vlans) {
    PortVlans trunk = new PortVlans(NO_VLAN);
    vlans.forEach(vlan -> trunk.tagged.set(vlan.number()));
    return trunk;
  }

  /** The VLAN of a frame that came in without a tag, or {@link #REFUSED}. */
  int ofUntagged() {
    return untagged == NO_VLAN ? REFUSED : untagged;
  }

  /** The VLAN of a frame that came in with a tag, or {@link #REFUSED}; 0 is a priority only. */
  int ofTagged(int tci) {
    int vlan = VlanTag.vid(tci);
    if (vlan == 0) {
      return ofUntagged();
    }
    return carries(vlan) ? vlan : REFUSED;
  }

  /** Whether a frame that has this type, once it is as the port wants it, goes out there. */
  boolean takesType(int type) {
    return tagsWithin || type != EtherType.VLAN && type != EtherType.SERVICE_VLAN;
  }

  boolean carries(int vlan) {
    return vlan == untagged || tagged.get(vlan);
  }

  /** Whether frames of a VLAN that the port carries go out with a tag. */
  boolean tags(int vlan) {
    return vlan != untagged;
  }
}
