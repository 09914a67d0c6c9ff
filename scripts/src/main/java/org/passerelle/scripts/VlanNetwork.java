package org.passerelle.scripts;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.passerelle.bridge.BridgedNic;
import org.passerelle.bridge.NetloopNames;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Ownership;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.VifNames;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.wire.VlanId;
import org.passerelle.vlan.TagFilter;
import org.passerelle.vlan.TaggedNic;
import org.passerelle.vlan.Tagger;
import org.passerelle.vlan.VlanBridge;

/**
 * A NIC's VLANs, and perhaps a bridge for what has no tag: composes the plans of both.
 *
 * @param untagged the NIC with that bridge, as {@code network-bridge} makes it
 * @param bridge that bridge's name
 */
record VlanNetwork(TaggedNic nic, Optional<BridgedNic> untagged, Optional<String> bridge) {
  /** A line that names thousands would not be read. */
  static final int NAMED = 3;

  /**
   * The VLANs first: it is for them that a kernel may lack something, and dom0 has not moved yet.
   *
   * @param filtering the kernel's bridges can look at tags
   */
  Plan start(Host host, List<VlanBridge> wanted, Tagger tagger, boolean live, boolean filtering) {
    return joined(
        Stream.of(nic.start(host, wanted, device(host), tagger, filtering)),
        untagged.map(one -> one.start(host, live)).stream(),
        bridge.filter(name -> filtering).map(name -> TagFilter.plan(host, name)).stream());
  }

  /** The VLANs last: the NIC's renaming minds those that lie on it. */
  Plan stop(Host host, List<VlanId> vlans, boolean live) {
    String lower =
        untagged.isPresent()
            ? nic.netdev()
            : NetloopNames.nicBehind(host, nic.netdev()).map(Link::name).orElse(nic.netdev());
    return joined(
        untagged.map(one -> one.stop(host, live)).stream(),
        Stream.of(nic.stop(host, vlans, lower)),
        Stream.empty());
  }

  /** What a stop of these VLANs is to domains on their bridges. */
  BridgeLoss loss(Host host, List<VlanId> vlans) {
    Stream<Link> devices =
        nic.made(host).stream()
            .filter(vlans::contains)
            .flatMap(vlan -> host.link(nic.device(vlan)).stream());
    Stream<Link> nics = BridgeLoss.stopped(host, untagged.stream());
    return new BridgeLoss(host, Stream.concat(devices, nics).toList());
  }

  private static Plan joined(Stream<Plan> first, Stream<Plan> second, Stream<Plan> third) {
    return new Plan(
        Stream.of(first, second, third)
            .flatMap(plans -> plans)
            .flatMap(plan -> plan.steps().stream())
            .toList());
  }

  private Link device(Host host) {
    return NetloopNames.nicBehind(host, nic.netdev())
        .orElseThrow(
            () ->
                new RefusedException(
                    "there is no device " + nic.netdev() + "; name the NIC with netdev="));
  }

  /** What people should know of the names before they look for them. */
  List<String> remarks(List<VlanBridge> wanted) {
    return Stream.concat(untagged.flatMap(BridgedNic::remark).stream(), nic.remark(wanted).stream())
        .toList();
  }

  /** Bridges that somebody else made, before VLANs become ports of them; one line each. */
  List<String> foreign(Host host, List<VlanBridge> wanted) {
    return wanted.stream().filter(one -> isForeign(host, one)).map(this::remarkOnForeign).toList();
  }

  private boolean isForeign(Host host, VlanBridge wanted) {
    return host.link(wanted.bridge()).filter(bridge -> !Ownership.isOurs(bridge)).isPresent()
        && !isUsed(host, wanted.bridge(), host.link(nic.device(wanted.vlan())));
  }

  private String remarkOnForeign(VlanBridge wanted) {
    return wanted.bridge()
        + " was there, made by somebody else: VLAN "
        + wanted.vlan()
        + " uses it as it is, and stop leaves it";
  }

  /**
   * What people should know of a network that is there.
   *
   * @param before the host as it was: what is so of bridges that were used then has been said
   */
  List<String> warnings(Host before, Host host, List<VlanBridge> wanted) {
    List<String> warnings = new ArrayList<>(nic.warnings(host, wanted, device(host)));
    List<String> open =
        unused(before, wanted)
            .filter(name -> host.link(name).filter(TagFilter::isOpen).isPresent())
            .toList();
    if (!open.isEmpty()) {
      warnings.add(
          "tagged frames pass "
              + VifNames.first(open, NAMED)
              + " as they are: a domain there that tags its frames itself, or a tag within a tag,"
              + " is not stopped (ip link set dev BRIDGE type bridge vlan_filtering 1, where the"
              + " kernel has CONFIG_BRIDGE_VLAN_FILTERING)");
    }
    return warnings;
  }

  /** The bridges that had nothing of this NIC's yet. */
  private Stream<String> unused(Host host, List<VlanBridge> wanted) {
    Stream<String> vlans =
        wanted.stream()
            .filter(one -> !isUsed(host, one.bridge(), host.link(nic.device(one.vlan()))))
            .map(VlanBridge::bridge);
    return Stream.concat(
        vlans,
        bridge.stream()
            .filter(name -> !isUsed(host, name, NetloopNames.nicBehind(host, nic.netdev()))));
  }

  private static boolean isUsed(Host host, String bridge, Optional<Link> port) {
    return host.link(bridge)
        .filter(link -> port.filter(one -> one.master() == link.index()).isPresent())
        .isPresent();
  }

  /** The NIC, then each VLAN's device and bridge. */
  List<String> devices(Host host, List<VlanId> vlans) {
    List<String> devices =
        new ArrayList<>(untagged.map(BridgedNic::devices).orElse(List.of(nic.netdev())));
    for (VlanId vlan : vlans) {
      devices.add(nic.device(vlan));
      nic.bridge(host, vlan).map(Link::name).ifPresent(devices::add);
    }
    return devices;
  }
}
