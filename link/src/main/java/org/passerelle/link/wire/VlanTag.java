package org.passerelle.link.wire;

/**
 * A tag's control information (IEEE 802.1Q-2018, 9.6), the 16 bits after the tag's EtherType.
 *
 * <pre>
 *   15   13 12 11            0
 *   | PCP  |DEI|     VID      |
 * </pre>
 *
 * @param priority 0 to 7
 * @param dropEligible may go first when queues are full
 * @param vid 0 (priority only) to 4095, as it was on the wire
 */
public record VlanTag(int priority, boolean dropEligible, int vid) {
  private static final int DEI = 0x1000;
  private static final int VID = 0x0FFF;

  public VlanTag {
    if (priority < 0 || priority > 7 || vid < 0 || vid > VID) {
      throw new IllegalArgumentException("VLAN tag with priority=" + priority + " vid=" + vid);
    }
  }

  /** The tag of a VLAN with priority 0. */
  public static VlanTag of(VlanId id) {
    return new VlanTag(0, false, id.number());
  }

  /** Takes the 16 bits apart; every value of them is legal. */
  public static VlanTag ofTci(int tci) {
    return new VlanTag(tci >>> 13 & 7, (tci & DEI) != 0, vid(tci));
  }

  /** The VID among the 16 bits, without making a record. */
  public static int vid(int tci) {
    return tci & VID;
  }

  public int tci() {
    return priority << 13 | (dropEligible ? DEI : 0) | vid;
  }
}
