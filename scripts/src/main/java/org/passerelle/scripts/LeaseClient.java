package org.passerelle.scripts;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.rtnl.Link;

/** A DHCP client that runs, whoever has started it, as far as command lines tell. */
enum LeaseClient {
  DHCLIENT,
  UDHCPC,
  /** For named NICs. */
  DHCPCD,
  /** For all NICs that its file leaves to it. */
  DHCPCD_MANAGER;

  /** What udhcpc asks for without a word (networking/udhcp/dhcpc.c of busybox). */
  private static final String UDHCPC_USUAL = "eth0";

  /** Short options without a value may stand before {@code -i} in one word. */
  private static final String UDHCPC_NIC = "-[abCfnoqRSvB]*i";

  /** What dhcpcd makes of its command line, since 9.0; the manager was called master first. */
  private static final String TITLE = "dhcpcd: ";

  private static final List<String> MANAGER = List.of("[manager]", "[master]");

  static Optional<LeaseClient> of(Link nic, HostFiles files) {
    return processes(files).flatMap(words -> of(words, nic, files).stream()).findFirst();
  }

  /**
   * Their command lines, word by word. A container's own ask for its NICs, which often have the
   * names of dom0's.
   */
  private static Stream<List<String>> processes(HostFiles files) {
    return files.names("proc").stream()
        .filter(name -> name.matches("\\d+") && isOfThisNetwork(name, files))
        .flatMap(process -> files.lines("proc/" + process + "/cmdline").stream().limit(1))
        .map(line -> List.of(line.split("\0")))
        .filter(words -> !words.isEmpty());
  }

  /** Who may not look takes it for one, as {@link HostFiles#areOfThisNetwork}. */
  private static boolean isOfThisNetwork(String process, HostFiles files) {
    try {
      return files.isInThisNetwork(process);
    } catch (IOException e) {
      return true;
    }
  }

  private static Optional<LeaseClient> of(List<String> words, Link nic, HostFiles files) {
    if (words.getFirst().startsWith(TITLE)) {
      String title = words.getFirst().substring(TITLE.length());
      return dhcpcd(List.of(title.split(" ")), nic, files);
    }
    return switch (program(words.getFirst())) {
      case "busybox" -> of(words.subList(1, words.size()), nic);
      case "dhclient" -> when(isForIpv4(words) && isFor(nic, words), DHCLIENT);
      case "dhcpcd" -> started(words, nic, files);
      default -> of(words, nic);
    };
  }

  private static Optional<LeaseClient> of(List<String> words, Link nic) {
    boolean is = !words.isEmpty() && program(words.getFirst()).equals("udhcpc");
    return when(is && asked(words).equals(nic.name()), UDHCPC);
  }

  private static String program(String word) {
    return word.substring(word.lastIndexOf('/') + 1);
  }

  private static Optional<LeaseClient> when(boolean is, LeaseClient client) {
    return is ? Optional.of(client) : Optional.empty();
  }

  private static boolean isForIpv4(List<String> words) {
    return !words.contains("-6");
  }

  /** One that is given no NIC has taken all that there were. */
  private static boolean isFor(Link nic, List<String> words) {
    return words.contains(nic.name()) || namesNone(words);
  }

  private static boolean namesNone(List<String> words) {
    return words.stream().skip(1).noneMatch(LeaseClient::mayNameNic);
  }

  /** Neither an option, nor the file or the setting that belongs to one. */
  private static boolean mayNameNic(String word) {
    return !word.matches("-.*|.*[/=].*");
  }

  /** The NIC that udhcpc was told. */
  private static String asked(List<String> words) {
    for (int i = 1; i < words.size(); i++) {
      String word = words.get(i);
      String next = i + 1 < words.size() ? words.get(i + 1) : UDHCPC_USUAL;
      if (word.equals("--interface") || word.matches(UDHCPC_NIC)) {
        return next;
      }
      if (word.startsWith("--interface=") || word.matches(UDHCPC_NIC + ".+")) {
        return word.replaceFirst("--interface=|" + UDHCPC_NIC, "");
      }
    }
    return UDHCPC_USUAL;
  }

  /** By the title of its first process; its others have brackets in the place of the NIC. */
  private static Optional<LeaseClient> dhcpcd(List<String> title, Link nic, HostFiles files) {
    boolean ipv4 = title.contains("[ip4]") || !title.contains("[ip6]");
    return MANAGER.contains(title.getFirst())
        ? when(ipv4 && new DhcpcdFile(files).manages(nic), DHCPCD_MANAGER)
        : when(ipv4 && title.getFirst().equals(nic.name()), DHCPCD);
  }

  /** By the words that one without titles was started with. */
  private static Optional<LeaseClient> started(List<String> words, Link nic, HostFiles files) {
    if (!isForIpv4(words) || !isFor(nic, words)) {
      return Optional.empty();
    }
    return namesNone(words)
        ? when(new DhcpcdFile(files).manages(nic), DHCPCD_MANAGER)
        : Optional.of(DHCPCD);
  }
}
