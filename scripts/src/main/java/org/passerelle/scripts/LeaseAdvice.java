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
    lines.add(moved(address, netdev, device));
    lines.addAll(hasSameName() ? anew(keeper, device) : instead());
    return lines;
  }

  static String moved(IpPrefix address, String from, String to) {
    return address.address().getHostAddress()
        + " is leased, was "
        + from
        + "'s, and is on "
        + (to.equals(from) ? "another device of that name" : to)
        + " now.";
  }

  private boolean hasSameName() {
    return device.equals(netdev);
  }

  /** What is configured by its name stays so at the next boot; only who renews must look again. */
  static List<String> anew(LeaseKeeper keeper, String device) {
    return switch (keeper) {
      case NETWORKD ->
          List.of(
              "systemd-networkd renews it. Let it look at " + device + " anew:",
              "    networkctl reconfigure " + device,
              "Where a .network file has MACAddress= in its [Match], it needs Name="
                  + device
                  + " too.");
      case NETWORK_MANAGER, IFUPDOWN_DHCPCD, DHCPCD, DHCPCD_MANAGER ->
          List.of(
              keeper.title() + " renews it, for NICs, which " + device + " is not any more:",
              "use generation=keep, whose bridge it can be told of.");
      case IFUPDOWN -> {
        List<String> lines = new ArrayList<>();
        lines.add("ifupdown's dhclient renews it. Have it started anew:");
        lines.addAll(new Ifup(keeper, device, device).commands());
        yield lines;
      }
      case DHCLIENT -> ClientAdvice.dhclient("renews it", "start it anew", device);
      case IFUPDOWN_UDHCPC, UDHCPC -> ClientAdvice.goesOn(keeper, device);
      case NOBODY -> nobody(device);
    };
  }

  private List<String> instead() {
    return switch (keeper) {
      case NETWORKD -> networkd();
      case NETWORK_MANAGER -> networkManager();
      case IFUPDOWN, IFUPDOWN_UDHCPC, IFUPDOWN_DHCPCD -> ifupdown();
      case UDHCPC -> client().udhcpc();
      case DHCPCD -> client().dhcpcd();
      case DHCPCD_MANAGER -> client().dhcpcdManager();
      case DHCLIENT ->
          ClientAdvice.dhclient(
              "renews it, started by nobody that was recognised",
              "have this started in its place, now and at boot",
              device);
      case NOBODY -> nobody(device);
    };
  }

  private ClientAdvice client() {
    return new ClientAdvice(netdev, device);
  }

  static List<String> nobody(String device) {
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

  /** It has connections of the devices' own names itself, for what others made. */
  private List<String> networkManager() {
    String bridge = "bridge-" + device;
    String port = "port-" + netdev;
    return List.of(
        "NetworkManager renews it. Have it make and configure the bridge, in",
        "/etc/NetworkManager/system-connections (files of mode 0600), in place of the connection"
            + " of",
        netdev + "; then, since it does not by itself take what is up already:",
        "    nmcli connection reload",
        "    nmcli connection up " + bridge,
        "    nmcli connection up " + port,
        "# " + bridge + ".nmconnection",
        "[connection]",
        "id=" + bridge,
        "type=bridge",
        "interface-name=" + device,
        "[bridge]",
        "stp=false",
        "mac-address=" + mac,
        "[ipv4]",
        "method=auto",
        "# " + port + ".nmconnection",
        "[connection]",
        "id=" + port,
        "type=ethernet",
        "interface-name=" + netdev,
        "master=" + device,
        "slave-type=bridge");
  }

  private List<String> ifupdown() {
    List<String> lines = new ArrayList<>();
    lines.add(keeper.title() + " renews it. In /etc/network/interfaces (with Debian's");
    lines.add("bridge-utils), in place of what is said of " + netdev + ":");
    lines.addAll(
        List.of(
            "auto " + device,
            "iface " + netdev + " inet manual",
            "iface " + device + " inet dhcp",
            "    bridge_ports " + netdev,
            "    bridge_hw " + netdev,
            "    bridge_stp off",
            "    bridge_fd 0"));
    lines.addAll(new Ifup(keeper, netdev, device).lines());
    return lines;
  }
}
