package org.passerelle.scripts;

import java.util.ArrayList;
import java.util.List;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/**
 * What is to be done about an address that is leased and has moved: now, so that it is renewed
 * where it is, and for the next boot.
 *
 * @param keeper who renews it
 * @param address the leased one
 * @param netdev where it was
 * @param device where it is
 * @param mac of both
 */
record LeaseAdvice(
    LeaseKeeper keeper, IpPrefix address, String netdev, String device, MacAddress mac) {

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        address.address().getHostAddress()
            + " is leased, was "
            + netdev
            + "'s, and is on "
            + (hasSameName() ? "another device of that name" : device)
            + " now.");
    lines.addAll(hasSameName() ? anew() : instead());
    return lines;
  }

  private boolean hasSameName() {
    return device.equals(netdev);
  }

  /** What is configured by its name stays so at the next boot; only who renews must look again. */
  private List<String> anew() {
    return switch (keeper) {
      case NETWORKD ->
          List.of(
              "systemd-networkd renews it. Let it look at " + device + " anew:",
              "    networkctl reconfigure " + device,
              "Where a .network file has MACAddress= in its [Match], it needs Name="
                  + device
                  + " too.");
      case NETWORK_MANAGER ->
          List.of(
              "NetworkManager renews it, for NICs, which " + device + " is not any more:",
              "use generation=keep, whose bridge it can be told of.");
      case IFUPDOWN, DHCLIENT ->
          List.of(
              "dhclient renews it. End the one that runs, and start it anew: dhclient " + device);
      case NOBODY -> nobody();
    };
  }

  private List<String> instead() {
    return switch (keeper) {
      case NETWORKD -> networkd();
      case NETWORK_MANAGER -> networkManager();
      case IFUPDOWN -> ifupdown();
      case DHCLIENT ->
          List.of(
              "dhclient renews it, started by nobody that was recognised. End the one that runs,",
              "and have this started in its place, now and at boot: dhclient " + device);
      case NOBODY -> nobody();
    };
  }

  private List<String> nobody() {
    return List.of(
        "Nobody was recognised who renews it. Whoever does must do so on "
            + device
            + " from now on.");
  }

  private List<String> networkd() {
    return List.of(
        "systemd-networkd renews it. Have it make and configure the bridge, in",
        "/etc/systemd/network, in place of the file for " + netdev + "; then: networkctl reload",
        "# 10-" + device + ".netdev",
        "[NetDev]",
        "Name=" + device,
        "Kind=bridge",
        "MACAddress=" + mac,
        "# 10-" + device + ".network",
        "[Match]",
        "Name=" + device,
        "[Network]",
        "DHCP=ipv4",
        "# 10-" + netdev + ".network",
        "[Match]",
        "Name=" + netdev,
        "[Network]",
        "Bridge=" + device);
  }

  private List<String> networkManager() {
    return List.of(
        "NetworkManager renews it. Have it make and configure the bridge, in",
        "/etc/NetworkManager/system-connections (files of mode 0600), in place of the connection"
            + " of",
        netdev + "; then: nmcli connection reload",
        "# " + device + ".nmconnection",
        "[connection]",
        "id=" + device,
        "type=bridge",
        "interface-name=" + device,
        "[bridge]",
        "stp=false",
        "mac-address=" + mac,
        "[ipv4]",
        "method=auto",
        "# " + netdev + ".nmconnection",
        "[connection]",
        "id=" + netdev,
        "type=ethernet",
        "interface-name=" + netdev,
        "master=" + device,
        "slave-type=bridge");
  }

  private List<String> ifupdown() {
    return List.of(
        "ifupdown's dhclient renews it. End the one that runs, and start it anew: dhclient "
            + device,
        "For the next boot, in /etc/network/interfaces (with Debian's bridge-utils), in place of",
        "what is said of " + netdev + ":",
        "auto " + device,
        "iface " + netdev + " inet manual",
        "iface " + device + " inet dhcp",
        "    bridge_ports " + netdev,
        "    bridge_hw " + netdev,
        "    bridge_stp off",
        "    bridge_fd 0");
  }
}
