package org.passerelle.link.plan;

import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses as text, IPv6 in RFC 5952's short form, where the JDK writes all eight groups. */
public final class Ipv6Text {
  /** Two or more groups of zero. */
  private static final Pattern ZEROS = Pattern.compile("(?:^|:)0(?::0)+(?::|$)");

  private Ipv6Text() {}

  /** An address of either family, without a zone. */
  public static String of(InetAddress address) {
    String full = address.getHostAddress();
    int zone = full.indexOf('%');
    return full.indexOf(':') < 0 ? full : shorten(zone < 0 ? full : full.substring(0, zone));
  }

  /** From eight groups without leading zeros, as the JDK writes them. */
  static String shorten(String groups) {
    Matcher matcher = ZEROS.matcher(groups);
    String longest = "";
    int start = 0;
    while (matcher.find()) {
      if (zeros(matcher.group()) > zeros(longest)) {
        longest = matcher.group();
        start = matcher.start();
      }
    }
    return longest.isEmpty()
        ? groups
        : groups.substring(0, start) + "::" + groups.substring(start + longest.length());
  }

  private static long zeros(String groups) {
    return groups.chars().filter(c -> c == '0').count();
  }
}
