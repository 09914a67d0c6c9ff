package org.passerelle.link.rtnl;

import java.util.List;
import java.util.OptionalInt;
import org.passerelle.link.wire.MacAddress;

/**
 * A network device as the kernel reports it.
 *
 * @param index the kernel's number of it in this namespace; stays through renames
 * @param alternativeNames further names (IFLA_ALT_IFNAME)
 * @param kind {@code bridge}, {@code veth}, {@code tun}, …; empty for a device without one
 * @param flags IFF_* bits, see {@link LinkFlags}
 * @param operState RFC 2863's state
 * @param master index of the bridge or bond that it is a port of; 0 when none
 * @param lower index of the device that it lies on, or of a veth's peer; 0 when none
 * @param lowerElsewhere true when {@code lower} is in another namespace
 * @param group the group number; links that we made carry ours from birth
 * @param alias the administrator's text; ours begins with {@code passerelle:}
 * @param ipv6AddressGeneration IN6_ADDR_GEN_MODE_*: how the kernel makes the link-local address (0
 *     from the MAC, 1 not at all, …); empty where the device has no IPv6
 * @param data the kind's own attributes (IFLA_INFO_DATA), undecoded; each kind's class reads them
 */
public record Link(
    int index,
    String name,
    List<String> alternativeNames,
    String kind,
    MacAddress mac,
    int mtu,
    int flags,
    OperState operState,
    int master,
    int lower,
    boolean lowerElsewhere,
    int group,
    String alias,
    OptionalInt ipv6AddressGeneration,
    List<RawAttribute> data) {
  /** IN6_ADDR_GEN_MODE_EUI64 of linux/if_link.h: from the MAC address. */
  public static final int IPV6_FROM_MAC = 0;

  /** IN6_ADDR_GEN_MODE_NONE: the kernel makes no link-local address. */
  public static final int IPV6_NONE = 1;

  /**
   * Whether a device can be called so, and is called so then: the kernel's own rule
   * (dev_valid_name, linux/net/core/dev.c), no pattern for it to number devices by (%), and no
   * characters that a terminal would obey.
   */
  public static boolean isValidName(String name) {
    return name.matches("[!-~&&[^/:%]]{1,15}") && !name.matches("\\.{1,2}");
  }

  public boolean isNamed(String device) {
    return name.equals(device) || alternativeNames.contains(device);
  }

  public boolean isUp() {
    return (flags & LinkFlags.UP) != 0;
  }

  /** Up and with carrier. */
  public boolean isRunning() {
    return (flags & LinkFlags.RUNNING) != 0;
  }

  /** The same link as a port of the bridge of that index. */
  public Link withMaster(int bridge) {
    return with(kind, bridge, lower, lowerElsewhere, data);
  }

  /**
   * The same link as one of another kind.
   *
   * @param on the index of the device that it lies on; 0 for none
   */
  public Link withKind(String newKind, int on, List<RawAttribute> settings) {
    return with(newKind, master, on, false, settings);
  }

  private Link with(
      String newKind,
      int newMaster,
      int newLower,
      boolean newLowerElsewhere,
      List<RawAttribute> newData) {
    return new Link(
        index,
        name,
        alternativeNames,
        newKind,
        mac,
        mtu,
        flags,
        operState,
        newMaster,
        newLower,
        newLowerElsewhere,
        group,
        alias,
        ipv6AddressGeneration,
        newData);
  }

  /** RFC 2863 operational state, IF_OPER_*. */
  public enum OperState {
    UNKNOWN,
    NOT_PRESENT,
    DOWN,
    LOWER_LAYER_DOWN,
    TESTING,
    DORMANT,
    UP
  }
}
