package org.passerelle.link.rtnl;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.passerelle.link.netlink.Attribute;
import org.passerelle.link.netlink.Attributes;
import org.passerelle.link.netlink.MalformedMessageException;
import org.passerelle.link.wire.IpPrefix;

/** IP addresses in attributes. */
final class IpAddresses {
  private IpAddresses() {}

  /** The address in the attribute of this type, when there is one. */
  static Optional<InetAddress> find(Attributes attributes, int type) {
    Optional<Attribute> found = attributes.find(type);
    return found.isEmpty() ? Optional.empty() : Optional.of(of(found.get().octets()));
  }

  /**
   * The address of 4 or 16 octets. An IPv4-mapped one stays IPv6: {@code InetAddress} alone would
   * make an IPv4 address of it, and {@code unreachable ::ffff:0:0/96} is a common route.
   */
  static InetAddress of(byte[] octets) {
    try {
      return octets.length == 16
          ? Inet6Address.getByAddress(null, octets, -1)
          : InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new MalformedMessageException("an IP address of " + octets.length + " octets");
    }
  }

  /** The prefix, or an exception when the peer's length does not fit the address. */
  static IpPrefix prefix(InetAddress address, int length) {
    if (length > address.getAddress().length * 8) {
      throw new MalformedMessageException(
          "prefix length " + length + " of " + address.getHostAddress());
    }
    return new IpPrefix(address, length);
  }

  static InetAddress any(int family) {
    return of(new byte[family == Rtm.AF_INET6 ? 16 : 4]);
  }

  static boolean isV6(InetAddress address) {
    return address.getAddress().length == 16;
  }
}
