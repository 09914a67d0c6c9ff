package org.passerelle.scripts;

import java.util.List;
import java.util.stream.Stream;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.rtnl.Link;

/** Who renews the lease of a NIC's address, as far as files tell. */
public enum LeaseKeeper {
  NETWORKD,
  NETWORK_MANAGER,
  IFUPDOWN,
  DHCLIENT,
  NOBODY;

  private static final String INTERFACES = "etc/network/interfaces";

  /** Those that start a DHCP client come before the client. */
  public static LeaseKeeper of(Link nic, HostFiles files) {
    if (!files.areOfThisNetwork()) {
      return NOBODY;
    }
    if (files.lines("run/systemd/netif/links/" + nic.index()).stream()
        .anyMatch(line -> line.matches("ADMIN_STATE=configur(ed|ing)"))) {
      return NETWORKD;
    }
    if (files.lines("run/NetworkManager/devices/" + nic.index()).stream()
        .anyMatch(line -> line.startsWith("connection-uuid="))) {
      return NETWORK_MANAGER;
    }
    if (interfaces(files).anyMatch(line -> isDhcp(line, nic.name()))) {
      return IFUPDOWN;
    }
    return processes(files).anyMatch(words -> isClient(words, nic.name())) ? DHCLIENT : NOBODY;
  }

  private static Stream<String> interfaces(HostFiles files) {
    String directory = INTERFACES + ".d";
    return Stream.concat(
        files.lines(INTERFACES).stream(),
        files.names(directory).stream()
            .flatMap(name -> files.lines(directory + "/" + name).stream()));
  }

  private static boolean isDhcp(String line, String nic) {
    return List.of(line.strip().split("\\s+")).equals(List.of("iface", nic, "inet", "dhcp"));
  }

  /** Their command lines, word by word. */
  private static Stream<List<String>> processes(HostFiles files) {
    return files.names("proc").stream()
        .filter(name -> name.matches("\\d+"))
        .flatMap(process -> files.lines("proc/" + process + "/cmdline").stream().limit(1))
        .map(line -> List.of(line.split("\0")));
  }

  /** One that is given no NIC has taken all that there were. */
  private static boolean isClient(List<String> words, String nic) {
    return !words.isEmpty()
        && words.getFirst().matches("(.*/)?dhclient")
        && !words.contains("-6")
        && (words.contains(nic) || words.stream().skip(1).noneMatch(LeaseKeeper::mayNameNic));
  }

  /** Neither an option, nor the file or the setting that belongs to one. */
  private static boolean mayNameNic(String word) {
    return !word.matches("-.*|.*[/=].*");
  }
}
