package org.passerelle.scripts;

import java.util.ArrayList;
import java.util.List;
import org.passerelle.link.wire.IpPrefix;

/**
 * What is to be done about an address that is leased and has moved back to its NIC by a stop: who
 * renewed it on the bridge goes on asking there, in vain, until the lease has run out.
 *
 * @param keeper who renews it
 * @param address the leased one
 * @param device where it was
 * @param netdev where it is
 */
record LeaseReturn(LeaseKeeper keeper, IpPrefix address, String device, String netdev) {

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(LeaseAdvice.moved(address, device, netdev));
    lines.addAll(device.equals(netdev) ? LeaseAdvice.anew(keeper, netdev) : back());
    return lines;
  }

  private List<String> back() {
    return switch (keeper) {
      case NETWORKD ->
          List.of(
              "systemd-networkd renews it. In place of its files for " + device + ", let it have",
              "one for " + netdev + " in /etc/systemd/network; then:",
              "    networkctl reload",
              "    networkctl reconfigure " + netdev);
      case NETWORK_MANAGER ->
          List.of(
              "NetworkManager renews it. In place of its connection for "
                  + device
                  + ", let it have",
              "one for " + netdev + ", and bring that up: nmcli connection up");
      case IFUPDOWN, IFUPDOWN_UDHCPC, IFUPDOWN_DHCPCD -> ifupdown();
      case DHCLIENT ->
          ClientAdvice.dhclient(
              "renews it", "have this started in its place, now and at boot", netdev);
      case UDHCPC -> client().udhcpc();
      case DHCPCD -> client().dhcpcdBack();
      case DHCPCD_MANAGER -> client().dhcpcdManagerBack();
      case NOBODY -> LeaseAdvice.nobody(netdev);
    };
  }

  private ClientAdvice client() {
    return new ClientAdvice(device, netdev);
  }

  private List<String> ifupdown() {
    List<String> lines = new ArrayList<>();
    lines.add(keeper.title() + " renews it. In /etc/network/interfaces, in place of what is said");
    lines.add("of " + device + ":");
    lines.addAll(List.of("auto " + netdev, "iface " + netdev + " inet dhcp"));
    lines.addAll(new Ifup(keeper, device, netdev).lines());
    return lines;
  }
}
