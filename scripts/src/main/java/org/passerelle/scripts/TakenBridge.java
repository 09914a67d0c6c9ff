package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.passerelle.bridge.BridgedNic;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.plan.Host;
import org.passerelle.link.rtnl.Link;

/**
 * A bridge that NetworkManager has a connection for: it makes it again as soon as it is deleted,
 * and that one is not ours to stop.
 *
 * @param connections the bridge's and, where it has one, the NIC's, as uuids
 */
record TakenBridge(String bridge, String netdev, List<String> connections) {

  /** Before a stop. */
  static Optional<TakenBridge> of(BridgedNic nic, Host host, HostFiles files) {
    if (!files.areOfThisNetwork()) {
      return Optional.empty();
    }
    NetworkManagerFiles manager = new NetworkManagerFiles(files);
    return host.link(nic.netdev())
        .flatMap(port -> host.link(host.master(port)).flatMap(bridge -> of(bridge, port, manager)));
  }

  private static Optional<TakenBridge> of(Link bridge, Link port, NetworkManagerFiles manager) {
    return manager
        .connection(bridge)
        .map(
            own ->
                new TakenBridge(
                    bridge.name(),
                    port.name(),
                    Stream.concat(Stream.of(own), manager.connection(port).stream()).toList()));
  }

  List<String> lines() {
    String again = "nic-" + netdev;
    return List.of(
        "NetworkManager has a connection for " + bridge + ", and makes it again by that, with",
        netdev + " as its port. To have it go, and " + netdev + " configured by DHCP:",
        "    nmcli connection add type ethernet con-name " + again + " ifname " + netdev,
        "    nmcli connection delete "
            + String.join(" ", connections)
            + "; nmcli connection up "
            + again,
        "For addresses that are not of DHCP, end the first line with what the bridge's has (nmcli",
        "-f ipv4 connection show " + connections.getFirst() + "), before that is deleted:",
        "    ipv4.method manual ipv4.addresses ADDRESS/LENGTH ipv4.gateway ROUTER ipv4.dns SERVER");
  }
}
