package org.passerelle.lab.model;

import java.net.InetAddress;
import org.passerelle.link.wire.IpPrefix;

/** Addresses as people write them: RFC 5952's short form for IPv6, which the JDK does not print. */
public final class AddressText {
  private AddressText() {}

  public static String of(InetAddress address) {
    byte[] octets = address.getAddress();
    return octets.length == 4 ? address.getHostAddress() : v6(octets);
  }

  /** With its prefix length. */
  public static String of(IpPrefix prefix) {
    return of(prefix.address()) + "/" + prefix.length();
  }

  private static String v6(byte[] octets) {
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (octets[2 * i] & 0xFF) << 8 | octets[2 * i + 1] & 0xFF;
    }
    int start = 0;
    int length = 0;
    for (int i = 0; i < 8; i++) {
      int run = zeros(groups, i);
      if (run > length) {
        start = i;
        length = run;
      }
    }
    if (length < 2) {
      return join(groups, 0, 8);
    }
    return join(groups, 0, start) + "::" + join(groups, start + length, 8);
  }

  private static int zeros(int[] groups, int from) {
    int end = from;
    while (end < groups.length && groups[end] == 0) {
      end++;
    }
    return end - from;
  }

  private static String join(int[] groups, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(i > from ? ":" : "").append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
