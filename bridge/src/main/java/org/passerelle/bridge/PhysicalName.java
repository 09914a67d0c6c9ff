package org.passerelle.bridge;

import java.util.Optional;

/** What a NIC is called while another device has its name: eth0 is peth0. */
final class PhysicalName {
  /** IFNAMSIZ less the closing NUL. */
  private static final int LONGEST = 15;

  private static final String PREFIX = "p";

  private PhysicalName() {}

  /** Shortened at the front when too long. */
  static String of(String netdev) {
    int most = LONGEST - PREFIX.length();
    return PREFIX + (netdev.length() <= most ? netdev : netdev.substring(netdev.length() - most));
  }

  static Optional<String> remark(String netdev) {
    return netdev.length() < LONGEST
        ? Optional.empty()
        : Optional.of(netdev + " is called " + of(netdev) + " as a port: 15 letters is all");
  }

  /** What to do where it is there without us. */
  static String remedy(String netdev) {
    return "if "
        + of(netdev)
        + " is the NIC, give it its name back: ip link set dev "
        + of(netdev)
        + " name "
        + netdev;
  }
}
