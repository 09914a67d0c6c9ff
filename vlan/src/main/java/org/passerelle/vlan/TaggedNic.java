package org.passerelle.vlan;

import java.util.List;
import java.util.Optional;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.TapKind;
import org.passerelle.link.wire.VlanId;

/**
 * A NIC that carries VLANs: each is a device on it, {@code eth0.100}, and a bridge with that device
 * as port, {@code vlanbr100}. dom0 tags and untags; whoever is on such a bridge sees no tags.
 *
 * <pre>
 *   vlanbr100 -- eth0.100 --+
 *   vlanbr200 -- eth0.200 --+-- eth0 -- wire
 *   dom0, untagged ---------+
 * </pre>
 *
 * @param netdev the NIC's own name, whatever it is called while it is a port itself
 */
public record TaggedNic(String netdev) {
  /** IFNAMSIZ less the closing NUL. */
  private static final int LONGEST = 15;

  /** The VLAN's device; the NIC's name is shortened at the front when both are too long. */
  public String device(VlanId vlan) {
    String tag = "." + vlan;
    int most = LONGEST - tag.length();
    return (netdev.length() <= most ? netdev : netdev.substring(netdev.length() - most)) + tag;
  }

  /** Whether a device of this name would be one of its VLANs'. */
  public boolean isDevice(String name) {
    return VlanMark.number(name.substring(name.lastIndexOf('.') + 1))
        .filter(vlan -> device(vlan).equals(name))
        .isPresent();
  }

  /** Says that names are shortened, by the first that is. */
  public Optional<String> remark(List<VlanBridge> wanted) {
    return wanted.stream()
        .map(VlanBridge::vlan)
        .filter(vlan -> !device(vlan).equals(netdev + "." + vlan))
        .findFirst()
        .map(
            vlan ->
                "VLAN "
                    + vlan
                    + " of "
                    + netdev
                    + " is called "
                    + device(vlan)
                    + ": 15 letters is all");
  }

  /**
   * Plans what is missing; empty when all is there already.
   *
   * @param nic under whatever name it has
   * @param filtering the kernel's bridges can look at tags
   * @throws RefusedException when the host has something else in the way
   */
  public Plan start(Host host, List<VlanBridge> wanted, Link nic, boolean filtering) {
    return start(host, wanted, nic, Tagger.KERNEL, filtering);
  }

  /**
   * The same, for a host whose VLANs are tagged by one or the other. What is there already stays as
   * it is.
   */
  public Plan start(
      Host host, List<VlanBridge> wanted, Link nic, Tagger tagger, boolean filtering) {
    return new VlanStart(this, host, nic, tagger, filtering).plan(wanted);
  }

  /** Where frames of these VLANs will be too long for the NIC; one line each. */
  public List<String> warnings(Host host, List<VlanBridge> wanted, Link nic) {
    return new VlanMtu(this, host, nic).warnings(wanted);
  }

  /**
   * Plans the removal of what we made for these VLANs; empty when there is nothing.
   *
   * @param lower what the NIC will be called when this plan is carried out
   */
  public Plan stop(Host host, List<VlanId> vlans, String lower) {
    return new VlanStop(this, host, lower).plan(vlans);
  }

  /** The VLANs for which we made a device or a bridge that is there still, by number. */
  public List<VlanId> made(Host host) {
    return host.links().stream()
        .map(this::madeFor)
        .flatMap(Optional::stream)
        .distinct()
        .sorted()
        .toList();
  }

  /** The bridge that we made for a VLAN. */
  public Optional<Link> bridge(Host host, VlanId vlan) {
    return ours(host, vlan).stream()
        .filter(link -> link.kind().equals(BridgeKind.NAME))
        .findFirst();
  }

  /** The devices of this NIC's VLANs that the trunk process serves, or is to serve. */
  public List<Link> served(Host host) {
    return host.links().stream().filter(link -> servedVlan(link).isPresent()).toList();
  }

  /** Those that have devices which a trunk process serves, or is to serve. */
  public static List<TaggedNic> served(List<Link> links) {
    return links.stream()
        .filter(link -> link.kind().equals(TapKind.NAME))
        .flatMap(link -> VlanMark.of(link).stream())
        .map(mark -> new TaggedNic(mark.netdev()))
        .distinct()
        .toList();
  }

  /** The VLAN of this NIC that the trunk process serves by such a link; empty for others. */
  public Optional<VlanId> servedVlan(Link link) {
    return link.kind().equals(TapKind.NAME) ? madeFor(link) : Optional.empty();
  }

  /** Whether such a link is a vif's: what comes in there is whatever a guest makes up. */
  public static boolean isOfVif(Link link) {
    return VlanMark.of(link).filter(VlanMark::ofVif).isPresent();
  }

  /** What we made for a VLAN: its bridge and its device. */
  List<Link> ours(Host host, VlanId vlan) {
    return host.links().stream().filter(link -> madeFor(link).equals(Optional.of(vlan))).toList();
  }

  /** The VLAN of this NIC for which we made the link. */
  private Optional<VlanId> madeFor(Link link) {
    return VlanMark.of(link).filter(mark -> mark.netdev().equals(netdev)).map(VlanMark::vlan);
  }

  /** Whom a VLAN's links are marked for. */
  String owner(VlanId vlan) {
    return mark(vlan).owner();
  }

  /** Whether the bridge was made for a VLAN: of any NIC, but not for this one of this NIC. */
  boolean isForAnother(Link bridge, VlanId vlan) {
    return VlanMark.of(bridge).filter(mark -> !mark.equals(mark(vlan))).isPresent();
  }

  private VlanMark mark(VlanId vlan) {
    return new VlanMark(netdev, vlan, false);
  }
}
