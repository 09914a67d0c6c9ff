package org.passerelle.link.plan;

import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkFlags;

/** The device that leads outside, as network scripts are told it. */
public final class Uplink {
  private Uplink() {}

  /** Throws {@link RefusedException} for one that leads to dom0 itself, or to a guest. */
  public static void check(Link link) {
    if ((link.flags() & LinkFlags.LOOPBACK) != 0) {
      throw refused(link, "dom0 itself");
    }
    if (VifDevice.isOfGuest(link)) {
      throw refused(link, "a guest");
    }
  }

  private static RefusedException refused(Link link, String target) {
    return new RefusedException(
        link.name()
            + " leads to "
            + target
            + ", not outside; name a NIC with netdev=, or a bond, bridge or VLAN of NICs");
  }
}
