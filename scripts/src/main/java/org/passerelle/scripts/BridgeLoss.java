package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.passerelle.bridge.BridgedNic;
import org.passerelle.bridge.NetloopNames;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.VifNames;
import org.passerelle.link.rtnl.Link;

/**
 * What a stop is to domains on the bridges that it takes away, or takes the way out from.
 *
 * @param host as it is before the stop
 * @param uplinks the bridges' ways out, which they are about to lose: NICs, or VLANs of NICs
 */
record BridgeLoss(Host host, List<Link> uplinks) {
  /** A pair's port is dom0's, which has the NIC itself again. */
  private static final String DOM0 = "vif0\\.\\d+";

  /** The NICs among these that a stop has something to do with. */
  static Stream<Link> stopped(Host host, Stream<BridgedNic> nics) {
    return nics.filter(nic -> !nic.stop(host, KernelRelease.renamesLive()).isEmpty())
        .flatMap(nic -> NetloopNames.nicBehind(host, nic.netdev()).stream());
  }

  /**
   * What is to be said of it; empty when nobody is there.
   *
   * @param planned whether they have their network still, and would lose it
   */
  Optional<String> line(boolean planned) {
    List<String> vifs = uplinks.stream().flatMap(this::beside).toList();
    return vifs.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "attached, and "
                + (planned
                    ? "would be without their bridge's network: "
                    : "without their bridge's network from now on: ")
                + VifNames.of(vifs));
  }

  private Stream<String> beside(Link uplink) {
    return host.link(uplink.master()).stream()
        .flatMap(bridge -> host.ports(bridge).stream())
        .filter(port -> port.index() != uplink.index() && !port.name().matches(DOM0))
        .map(port -> port.name() + " (" + host.master(port) + ")");
  }
}
