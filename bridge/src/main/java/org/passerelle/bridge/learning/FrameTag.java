package org.passerelle.bridge.learning;

import java.lang.foreign.MemorySegment;
import org.passerelle.link.port.Frame;
import org.passerelle.link.wire.EtherType;
import org.passerelle.link.wire.Ethernet;
import org.passerelle.link.wire.VlanTag;

/**
 * The 802.1Q tag of the frame that a bridge is carrying: told apart when the frame came in, put in
 * or taken out as each port wants it. Its priority bits stay with the frame. A service tag
 * (802.1ad) is none of ours: it is payload.
 */
final class FrameTag {
  private static final int VID = 0x0FFF;

  private final Frame frame;
  private final MemorySegment memory;
  private boolean tagged;
  private int tci;

  FrameTag(Frame frame) {
    this.frame = frame;
    this.memory = frame.memory();
  }

  /** The VLAN of the frame, which came in by such a port, or {@link PortVlans#REFUSED}. */
  int classify(PortVlans port) {
    tagged = false;
    if (port == PortVlans.PLAIN) {
      return PortVlans.NO_VLAN;
    }
    boolean withTag = Ethernet.type(memory, Frame.DATA) == EtherType.VLAN;
    if (withTag && frame.length() < Ethernet.TAGGED_HEADER) {
      return PortVlans.REFUSED;
    }
    int before = withTag ? Ethernet.tci(memory, Frame.DATA) : 0;
    int vlan = withTag ? port.ofTagged(before) : port.ofUntagged();
    if (vlan != PortVlans.REFUSED) {
      hold(withTag, before & ~VID | vlan);
    }
    return vlan;
  }

  /** A tag with a priority only gets its VLAN. */
  private void hold(boolean withTag, int newTci) {
    tagged = withTag;
    tci = newTci;
    if (tagged && VlanTag.vid(Ethernet.tci(memory, Frame.DATA)) == 0) {
      Ethernet.emitTag(memory, Frame.DATA, EtherType.VLAN, tci);
    }
  }

  boolean isThere() {
    return tagged;
  }

  /** Whether the frame is now as the port wants it. */
  boolean fits(PortVlans port, int vlan) {
    return port.tags(vlan) == tagged;
  }

  /** Makes it so; false when the frame is too long for a tag. */
  boolean fit(PortVlans port, int vlan) {
    if (fits(port, vlan)) {
      return true;
    }
    if (tagged) {
      frame.removeTag();
    } else if (!frame.insertTag(EtherType.VLAN, tci)) {
      return false;
    }
    tagged = !tagged;
    return true;
  }
}
