package org.passerelle.scripts;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.rtnl.Link;

/** Which devices dhcpcd's file leaves to one that is told no NIC (dhcpcd.conf(5)). */
record DhcpcdFile(HostFiles files) {
  private static final String PATH = "etc/dhcpcd.conf";
  private static final String INTERFACE = "interface";
  private static final String ALLOWED = "allowinterfaces";

  /** A bridge needs a word of its own there (if_ignore of dhcpcd's if-linux.c). */
  boolean manages(Link link) {
    boolean allowed = values(ALLOWED).findAny().isEmpty() || isNamed(link, ALLOWED);
    boolean taken = !link.kind().equals(BridgeKind.NAME) || isNamed(link, INTERFACE);
    return allowed && taken && !isNamed(link, "denyinterfaces");
  }

  private boolean isNamed(Link link, String keyword) {
    return values(keyword).anyMatch(pattern -> isMatch(pattern, link.name()));
  }

  private Stream<String> values(String keyword) {
    return files.lines(PATH).stream()
        .map(line -> List.of(line.strip().split("\\s+")))
        .filter(words -> words.getFirst().equals(keyword))
        .flatMap(words -> words.stream().skip(1));
  }

  /** As fnmatch(3) has it, but for sets of characters. */
  private static boolean isMatch(String pattern, String name) {
    String expression =
        String.join(".*", Arrays.stream(pattern.split("\\*", -1)).map(DhcpcdFile::single).toList());
    return name.matches(expression);
  }

  private static String single(String part) {
    return part.replaceAll("([^\\w?])", "\\\\$1").replace('?', '.');
  }
}
