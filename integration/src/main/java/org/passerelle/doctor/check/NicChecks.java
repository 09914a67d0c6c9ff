package org.passerelle.doctor.check;

import java.util.List;
import java.util.stream.Stream;
import org.passerelle.doctor.Finding;
import org.passerelle.doctor.facts.Facts;
import org.passerelle.doctor.facts.NetFacts;
import org.passerelle.scripts.LeaseKeeper;

/** Who else configures the NIC that the scripts work on. */
final class NicChecks {
  private static final Reporter NIC = new Reporter(Finding.Section.NIC);

  private NicChecks() {}

  static Stream<Finding> of(Facts facts) {
    return Stream.of(
        facts
            .net()
            .uplink()
            .map(nic -> kept(nic, facts.net()))
            .orElseGet(
                () ->
                    NIC.warn(
                        "no-way-out",
                        "routes",
                        "there is no default route",
                        "the scripts take eth0 for the way out; guests reach its network at most",
                        "name the NIC with netdev=, or give the host a default route")));
  }

  private static Finding kept(String uplink, NetFacts net) {
    if (isUdhcpc(net.keeper()) && net.isMade(uplink) && net.keptPort().isEmpty()) {
      return NIC.ok("uplink", uplink, "is the way out, and udhcpc renews its lease there");
    }
    return net.keptPort()
        .map(port -> keptBelow(uplink, port, net.keeper()))
        .orElseGet(() -> kept(uplink, net.keeper()));
  }

  /** It looks its device up by name whenever it asks, so that it goes on with another one. */
  private static boolean isUdhcpc(LeaseKeeper keeper) {
    return keeper == LeaseKeeper.UDHCPC || keeper == LeaseKeeper.IFUPDOWN_UDHCPC;
  }

  private static Finding keptBelow(String bridge, String port, LeaseKeeper keeper) {
    return NIC.bad(
        "kept-below",
        bridge,
        "is the way out, and " + keeper.title() + " asks for addresses on its port " + port,
        "a lease that the bridge has is over some time, and dom0's way out with it",
        "have it serve " + bridge + " in place of " + port + ", as network-bridge start says");
  }

  private static Finding kept(String nic, LeaseKeeper keeper) {
    return switch (keeper) {
      case NETWORK_MANAGER ->
          NIC.warn(
                  "networkmanager",
                  nic,
                  "is the way out, and NetworkManager configures it",
                  "it undoes what it has not been told: a NIC that becomes peth0, or a port of a"
                      + " bridge, is configured anew",
                  "use network-bridge generation=keep, whose start says how to tell it; and keep it"
                      + " off vifs")
              .with(
                  List.of(
                      "printf '[keyfile]\\nunmanaged-devices=interface-name:vif*\\n' >"
                          + "/etc/NetworkManager/conf.d/xen-vifs.conf",
                      "nmcli general reload"));
      case NETWORKD ->
          NIC.warn(
              "networkd",
              nic,
              "is the way out, and systemd-networkd configures it",
              "when it is started anew it gives the NIC back the addresses that a bridge has by"
                  + " then",
              "after network-bridge start follow what it prints: the bridge gets the .network"
                  + " file, and the NIC Bridge=");
      case IFUPDOWN, IFUPDOWN_UDHCPC, DHCLIENT, UDHCPC ->
          leased(nic, keeper, "after network-bridge start follow what it prints");
      case IFUPDOWN_DHCPCD, DHCPCD, DHCPCD_MANAGER ->
          leased(nic, keeper, "use network-bridge generation=keep, and follow what it prints");
      case NOBODY -> NIC.ok("uplink", nic, "is the way out; nobody is known to configure it anew");
    };
  }

  private static Finding leased(String nic, LeaseKeeper keeper, String remedy) {
    return NIC.warn(
        "leased",
        nic,
        "is the way out, and its address is leased (" + keeper.title() + ")",
        "who renews the lease does so on the NIC, and the address is on the bridge by then",
        remedy + ", now and for the next boot");
  }
}
