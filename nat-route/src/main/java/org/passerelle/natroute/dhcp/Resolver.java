package org.passerelle.natroute.dhcp;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.passerelle.link.list.Lists;
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
    return Lists.first(words("nameserver"), Resolver::isSeenByGuests);
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
    return Lists.first(words("search|domain").reversed(), text -> DOMAIN.matcher(text).matches());
  }

  private List<String> words(String key) {
    List<String> found = new ArrayList<>();
    for (String line : lines) {
      String[] words = line.strip().split("\\s+");
      if (words.length > 1 && words[0].matches(key)) {
        found.add(words[1]);
      }
    }
    return found;
  }
}
