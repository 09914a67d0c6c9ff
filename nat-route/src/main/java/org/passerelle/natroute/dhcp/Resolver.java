package org.passerelle.natroute.dhcp;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.passerelle.link.wire.IpPrefix;

/**
 * What guests are told of names: what their host itself asks.
 *
 * @param lines of resolv.conf(5)
 */
record Resolver(List<String> lines) {
  static final String FILE = "etc/resolv.conf";

  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");

  /** The first name server that a guest can ask, too. */
  Optional<String> server() {
    return words("nameserver").filter(Resolver::isSeenByGuests).findFirst();
  }

  private static boolean isSeenByGuests(String text) {
    if (!IPV4.matcher(text).matches()) {
      return false;
    }
    try {
      InetAddress address = IpPrefix.address(text);
      return address instanceof Inet4Address && !address.isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The last domain that is named, as the originals take it. */
  Optional<String> domain() {
    return words("search|domain")
        .filter(text -> DOMAIN.matcher(text).matches())
        .reduce((_, last) -> last);
  }

  private Stream<String> words(String key) {
    return lines.stream()
        .map(line -> line.strip().split("\\s+"))
        .filter(words -> words.length > 1 && words[0].matches(key))
        .map(words -> words[1]);
  }
}
