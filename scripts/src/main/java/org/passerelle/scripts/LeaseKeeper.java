package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.rtnl.Link;

/** Who renews the lease of a NIC's address, as far as files tell. */
public enum LeaseKeeper {
  NETWORKD("systemd-networkd"),
  NETWORK_MANAGER("NetworkManager"),
  /** With dhclient. */
  IFUPDOWN("ifupdown's dhclient"),
  IFUPDOWN_UDHCPC("ifupdown's udhcpc"),
  IFUPDOWN_DHCPCD("ifupdown's dhcpcd"),
  DHCLIENT("dhclient"),
  UDHCPC("udhcpc"),
  /** Started for this NIC. */
  DHCPCD("dhcpcd"),
  /** Started for all NICs. */
  DHCPCD_MANAGER("dhcpcd"),
  NOBODY("nobody");

  private static final String INTERFACES = "etc/network/interfaces";

  private final String title;

  LeaseKeeper(String title) {
    this.title = title;
  }

  /** What people call it. */
  public String title() {
    return title;
  }

  /** Those that start a DHCP client come before the client. */
  public static LeaseKeeper of(Link nic, HostFiles files) {
    if (!files.areOfThisNetwork()) {
      return NOBODY;
    }
    if (files.lines("run/systemd/netif/links/" + nic.index()).stream()
        .anyMatch(line -> line.matches("ADMIN_STATE=configur(ed|ing)"))) {
      return NETWORKD;
    }
    if (new NetworkManagerFiles(files).connection(nic).isPresent()) {
      return NETWORK_MANAGER;
    }
    Optional<LeaseClient> client = LeaseClient.of(nic, files);
    return interfaces(files).anyMatch(line -> isDhcp(line, nic.name()))
        ? ifupdown(client)
        : client.map(LeaseKeeper::of).orElse(NOBODY);
  }

  /** What serves all NICs was not started for one. */
  private static LeaseKeeper ifupdown(Optional<LeaseClient> client) {
    return switch (client.orElse(LeaseClient.DHCLIENT)) {
      case DHCLIENT -> IFUPDOWN;
      case UDHCPC -> IFUPDOWN_UDHCPC;
      case DHCPCD -> IFUPDOWN_DHCPCD;
      case DHCPCD_MANAGER -> DHCPCD_MANAGER;
    };
  }

  private static LeaseKeeper of(LeaseClient client) {
    return switch (client) {
      case DHCLIENT -> DHCLIENT;
      case UDHCPC -> UDHCPC;
      case DHCPCD -> DHCPCD;
      case DHCPCD_MANAGER -> DHCPCD_MANAGER;
    };
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

  /** Whether the addresses that it sets look like those that are there for ever. */
  boolean hidesLifetimes() {
    return this == UDHCPC || this == IFUPDOWN_UDHCPC;
  }

  /**
   * Whether it follows its device by the name alone: it takes a renamed one for gone, and its
   * addresses and routes away, whoever is moving them.
   */
  boolean isUpsetByRenaming() {
    return this == DHCPCD || this == DHCPCD_MANAGER || this == IFUPDOWN_DHCPCD;
  }
}
