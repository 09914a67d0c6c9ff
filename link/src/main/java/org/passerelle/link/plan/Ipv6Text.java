package org.passerelle.link.plan;

import java.net.InetAddress;
import java.util.List;

/** Addresses as text, IPv6 in RFC 5952's short form, where the JDK writes all eight groups. */
public final class Ipv6Text {
  private Ipv6Text() {}

  /** An address of either family, without a zone. */
  public static String of(InetAddress address) {
    String full = address.getHostAddress();
    int zone = full.indexOf('%');
    return full.indexOf(':') < 0 ? full : shorten(zone < 0 ? full : full.substring(0, zone));
  }

  /**
   * From eight groups without leading zeros, as the JDK writes them. The longest run of two zeros
   * or more is left out, the first of several (RFC 5952, section 4.2).
   */
  static String shorten(String text) {
    String[] groups = text.split(":");
    int start = 0;
    int longest = 1;
    for (int at = 0; at < groups.length; at++) {
      int run = zeros(groups, at);
      if (run > longest) {
        start = at;
        longest = run;
      }
    }
    if (longest == 1) {
      return text;
    }
    return join(groups, 0, start) + "::" + join(groups, start + longest, groups.length);
  }

  private static int zeros(String[] groups, int start) {
    int end = start;
    while (end < groups.length && groups[end].equals("0")) {
      end++;
    }
    return end - start;
  }

  private static String join(String[] groups, int from, int to) {
    return String.join(":", List.of(groups).subList(from, to));
  }
}
