package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
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
  private static final Pattern DOM0 = Pattern.compile("vif0\\.\\d+");

  /** What distributions and network-bridge call NICs; a vif has whatever name its vifname says. */
  private static final Pattern NIC = Pattern.compile("p?(eth|en|em|ib|wl|bond)\\w*");

  /** What lies on a NIC, and is none of netback's. */
  private static final Set<String> UPPER = Set.of("vlan", "bond", "team", "vxlan");

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
        .filter(port -> port.index() != uplink.index() && isVif(port))
        .map(port -> port.name() + " (" + host.master(port) + ")");
  }

  /** A bridge may have several ways out: none of them loses anything. */
  private static boolean isVif(Link port) {
    boolean nic = port.alias().isEmpty() && NIC.matcher(port.name()).matches();
    return !nic && !UPPER.contains(port.kind()) && !DOM0.matcher(port.name()).matches();
  }
}
