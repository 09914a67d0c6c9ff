package org.passerelle.natroute;

import java.net.InetAddress;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.wire.IpPrefix;

/** The arithmetic of NAT mode: which address a guest has, and which its router has. */
final class RouterAddress {
  private static final int DISTANCE = 127;
  private static final int HALF = 128;
  private static final int MOST_IN_OCTET = 255;

  private RouterAddress() {}

  /**
   * The router's address of a guest's, in IPv4: the last octet and 127, as the original has it;
   * from 128 on, where that is no octet any more, the last octet less 127: 128 has 1, 254 has 127.
   */
  static InetAddress of(InetAddress guest) {
    byte[] octets = guest.getAddress();
    int last = octets[3] & 0xFF;
    octets[3] = (byte) (last < HALF ? last + DISTANCE : last - DISTANCE);
    return IpPrefix.address(octets);
  }

  /**
   * The address of a guest for whom none was chosen: 10.0.domid.1 for its first vif, the domid in
   * two octets.
   *
   * @param handle the number of the vif in its domain, from 0
   */
  static IpPrefix ofGuest(int domain, int handle) {
    int number = handle + 1;
    if (number > MOST_IN_OCTET || domain >> 16 != 0) {
      throw new RefusedException(
          "there is no address for vif " + handle + " of domain " + domain + "; give it one, ip=");
    }
    return new IpPrefix(
        IpPrefix.address(new byte[] {10, (byte) (domain >> 8), (byte) domain, (byte) number}), 16);
  }
}
