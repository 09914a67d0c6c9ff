package org.passerelle.link.wire;

/**
 * A VLAN's number, 1 to 4094 (IEEE 802.1Q-2018, 9.6: 0 means "no VLAN, priority only", 4095 is
 * reserved).
 */
public record VlanId(int number) implements Comparable<VlanId> {
  public static final int LOWEST = 1;
  public static final int HIGHEST = 4094;

  public VlanId {
    if (number < LOWEST || number > HIGHEST) {
      throw new IllegalArgumentException("VLAN " + number + " is outside 1..4094");
    }
  }

  /** Parses decimal digits. */
  public static VlanId parse(String text) {
    if (!text.matches("[0-9]{1,4}")) {
      throw new IllegalArgumentException("not a VLAN number: " + text + " (1..4094)");
    }
    return new VlanId(Integer.parseInt(text));
  }

  @Override
  public int compareTo(VlanId other) {
    return Integer.compare(number, other.number);
  }

  @Override
  public String toString() {
    return Integer.toString(number);
  }
}
