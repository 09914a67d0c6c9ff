package org.passerelle.link.wire;

/** The EtherTypes that we look into. Any other is a plain number (IEEE 802.3; values from IANA). */
public final class EtherType {
  public static final int IPV4 = 0x0800;
  public static final int ARP = 0x0806;

  /** An 802.1Q tag (customer tag) follows. */
  public static final int VLAN = 0x8100;

  public static final int IPV6 = 0x86DD;

  /** An 802.1ad tag (service tag) follows. */
  public static final int SERVICE_VLAN = 0x88A8;

  /** Below this the field is an 802.3 length, not a type. */
  public static final int FIRST_TYPE = 0x0600;

  private EtherType() {}

  /** True when the type announces a tag. */
  public static boolean isTag(int type) {
    return type == VLAN || type == SERVICE_VLAN;
  }
}
