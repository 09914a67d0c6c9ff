package org.passerelle.link.plan;

import java.util.ArrayList;
import java.util.List;
import org.passerelle.link.rtnl.Address;

/**
 * What becomes of IPv4 labels when their device is renamed (Linux, net/ipv4/devinet.c,
 * inetdev_changename): the first address takes the device's name; each further one keeps what
 * follows the colon, or gets {@code :N}, its place in the list counted from one.
 */
public final class Labels {
  /** IFNAMSIZ less the closing NUL. */
  private static final int LONGEST = 15;

  private Labels() {}

  /** IPv4 addresses of {@code from}, in the kernel's order, as they are after the renaming. */
  public static List<Address> renamed(List<Address> addresses, String from, String to) {
    List<Address> renamed = new ArrayList<>();
    for (Address address : addresses) {
      String label = renamed.isEmpty() ? "" : label(address, from, to, renamed.size() + 1);
      renamed.add(address.onDevice(to, label));
    }
    return renamed;
  }

  /**
   * The label of an address that moves to another device, by our own rule: what follows the colon
   * stays, a label that does not begin with the first device's name as it is.
   */
  static String moved(Address address, String from, String to) {
    String prefix = from + ":";
    return address.label().startsWith(prefix)
        ? fitted(to, address.label().substring(prefix.length() - 1))
        : address.label();
  }

  private static String label(Address address, String from, String to, int place) {
    String old = address.label().isEmpty() ? from : address.label();
    int colon = old.indexOf(':');
    return fitted(to, colon < 0 ? ":" + place : old.substring(colon));
  }

  private static String fitted(String to, String suffix) {
    if (to.length() + suffix.length() <= LONGEST) {
      return to + suffix;
    }
    // The kernel lets the suffix overwrite the end of the name.
    return to.substring(0, Math.min(to.length(), LONGEST - suffix.length())) + suffix;
  }
}
