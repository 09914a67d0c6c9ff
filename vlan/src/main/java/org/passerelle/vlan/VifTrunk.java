package org.passerelle.vlan;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.passerelle.bridge.LinkSteps;
import org.passerelle.bridge.VifAttachment;
import org.passerelle.link.plan.DeleteLink;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Ownership;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.SetLink;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkKind;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.TapKind;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.link.wire.VlanId;

/**
 * {@code vif-bridge} for a vif that may use VLANs: its untagged side is a port of that VLAN's
 * bridge, and each VLAN that it tags is a device on it, a port of the bridge of that VLAN. So
 * domains of one VLAN meet in one bridge, tagged or not, with the NIC's own VLAN device in it.
 *
 * <pre>
 *   vlanbr100 --+-- eth0.100 -- NIC
 *               +-- vif7.0.100 --+
 *   xenbr0 ---- vif7.0 ----------+== guest, who tags 100
 * </pre>
 *
 * A tag that it may not use has no device, and the untagged side's bridge, which looks at tags,
 * drops it. Where the trunk process tags, the devices are taps, and it drops what has a further tag
 * within; bridges need not look at tags then, since whoever attaches the vif keeps tags from
 * passing between it and its bridge ({@code link.os.TagFence}).
 *
 * @param tagger who takes out what the guest puts in
 */
public record VifTrunk(VifAttachment vif, VlanGrant grant, Tagger tagger) {
  /** What a switch takes for the VLAN of what has no tag: the network of {@code bridge=}. */
  private static final VlanId NATIVE = new VlanId(1);

  private static final String OWNER = "vif-vlan:";

  /** The vif on the bridge of its untagged side. */
  public VifAttachment untagged(Host host) {
    String bridge = untaggedBridge(host);
    refuseIfTagsPass(host, bridge);
    return new VifAttachment(vif.device(), vif.name(), Optional.of(bridge), vif.mtu());
  }

  private void refuseIfTagsPass(Host host, String bridge) {
    if (tagger == Tagger.KERNEL && host.link(bridge).filter(TagFilter::isOpen).isPresent()) {
      throw new RefusedException(
          bridge
              + " lets tags pass, and "
              + vif.device()
              + " is to use no others than its own; have it look at them: ip link set dev "
              + bridge
              + " type bridge vlan_filtering 1");
    }
  }

  private String untaggedBridge(Host host) {
    return grant.untagged().equals(NATIVE) && bridges(host, NATIVE).isEmpty()
        ? vif.findBridge(host).name()
        : bridge(host, grant.untagged());
  }

  /** The bridge of a VLAN: of several, on several NICs, the one that was asked for. */
  private String bridge(Host host, VlanId vlan) {
    List<String> found = bridges(host, vlan);
    Optional<String> asked = vif.bridge().filter(found::contains);
    if (asked.isEmpty() && found.size() != 1) {
      throw new RefusedException(
          found.isEmpty()
              ? "no bridge has VLAN "
                  + vlan
                  + "; network-bridge-vlan start vlan="
                  + vlan
                  + " makes one"
              : "VLAN "
                  + vlan
                  + " has the bridges "
                  + String.join(" ", found)
                  + "; say which by bridge=");
    }
    return asked.orElseGet(found::getFirst);
  }

  private static List<String> bridges(Host host, VlanId vlan) {
    return host.links().stream()
        .filter(link -> link.master() != 0)
        .filter(
            link -> VlanDevice.of(host, link).filter(one -> one.vlan().equals(vlan)).isPresent())
        .map(host::master)
        .distinct()
        .toList();
  }

  /** Plans the attachment; empty when all is there already. */
  public Plan attach(Host host, boolean live) {
    VifAttachment attachment = untagged(host);
    LinkSteps steps = new LinkSteps(host);
    attachment
        .attach(host, live)
        .steps()
        .forEach(step -> steps.add(step.operation(), step.reason()));
    untag(host, steps, vif, device -> !grant.tagged().contains(device.vlan()));
    grant.tagged().forEach(vlan -> tag(host, steps, vlan));
    return steps.build();
  }

  private void tag(Host host, LinkSteps steps, VlanId vlan) {
    String lower = vif.attachedName();
    String device = new TaggedNic(lower).device(vlan);
    String bridge = bridge(host, vlan);
    refuseIfTagsPass(host, bridge);
    Optional<Link> present = host.link(device);
    if (present.isEmpty()) {
      steps.create(
          spec(host, device, vlan).withMac(MacAddress.VIF),
          owner(vlan),
          "what the guest tags " + vlan);
    } else {
      refuseUnlessOurs(host, present.get());
    }
    steps.noLinkLocal(device);
    steps.set(SetLink.master(device, bridge), "a port of the VLAN's bridge");
    steps.set(SetLink.up(device), "the guest is connected to it");
  }

  private LinkSpec spec(Host host, String device, VlanId vlan) {
    return switch (tagger) {
      case KERNEL -> LinkSpec.of(device, new VlanKind(vif.attachedName(), vlan));
      case TRUNK -> LinkSpec.of(device, new TapKind()).withMtu(mtu(host));
    };
  }

  /** The vif's own, once it is attached. */
  private int mtu(Host host) {
    return vif.mtu().orElseGet(() -> untagged(host).findBridge(host).mtu());
  }

  private String owner(VlanId vlan) {
    return switch (tagger) {
      case KERNEL -> OWNER + vif.device();
      case TRUNK -> new VlanMark(vif.attachedName(), vlan, true).owner();
    };
  }

  private void refuseUnlessOurs(Host host, Link present) {
    Optional<VlanDevice> own = own(host, vif, present);
    if (own.isEmpty()) {
      throw new RefusedException(
          present.name() + " is there, and is not " + vif.device() + "'s VLAN");
    }
    if (own.get().tagger() != tagger) {
      throw new RefusedException(
          present.name()
              + " was made with another switching=; take "
              + vif.device()
              + " offline first");
    }
  }

  /** What a link is that we made for a VLAN of the vif. */
  private static Optional<VlanDevice> own(Host host, VifAttachment vif, Link link) {
    boolean tap =
        VlanMark.of(link)
            .filter(mark -> mark.ofVif() && mark.netdev().equals(vif.attachedName()))
            .isPresent();
    return tap || Ownership.isOf(link, OWNER + vif.device())
        ? VlanDevice.of(host, link)
        : Optional.empty();
  }

  /** Deletes those of the vif's VLANs: what it was granted once, and is not any more. */
  private static void untag(
      Host host, LinkSteps steps, VifAttachment vif, Predicate<VlanDevice> which) {
    for (Link link : host.links()) {
      own(host, vif, link)
          .filter(which)
          .ifPresent(
              device -> steps.add(DeleteLink.of(link.name(), kind(vif, link)), "the guest's VLAN"));
    }
  }

  private static LinkKind kind(VifAttachment vif, Link link) {
    return VlanKind.of(vif.attachedName(), link)
        .<LinkKind>map(kind -> kind)
        .orElseGet(TapKind::new);
  }

  /** Plans the removal of the VLANs on a vif that is to have none. */
  public static Plan withoutVlans(VifAttachment vif, Host host) {
    LinkSteps steps = new LinkSteps(host);
    untag(host, steps, vif, device -> true);
    return steps.build();
  }

  /** Plans the release of a vif and of the VLANs on it, if it has any. */
  public static Plan detach(VifAttachment vif, Host host) {
    return withoutVlans(vif, host).then(vif.detach(host));
  }
}
