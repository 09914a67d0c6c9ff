package org.passerelle.bridge;

import java.util.Optional;
import org.passerelle.link.plan.Configuration;
import org.passerelle.link.plan.CreateLink;
import org.passerelle.link.plan.DeleteLink;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Ownership;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.link.plan.Rename;
import org.passerelle.link.plan.SetLink;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VlanFlags;
import org.passerelle.link.wire.MacAddress;

/** The steps about links that the plans of bridges have in common. */
public final class LinkSteps extends PlanSteps {

  public LinkSteps(Host host) {
    super(host);
  }

  /** A new link with our marks. */
  public void create(LinkSpec spec, String owner, String reason) {
    add(CreateLink.ours(spec), reason);
    mark(spec.name(), owner);
  }

  void mark(String device, String owner) {
    add(SetLink.alias(device, Ownership.alias(owner)), "mark it as ours");
  }

  /** Its ports are released with it. */
  public void deleteBridge(Link bridge) {
    deleteBridge(bridge.name(), bridge);
  }

  /** The same, which is called {@code name} by then. */
  void deleteBridge(String name, Link bridge) {
    add(DeleteLink.of(name, BridgeKind.of(bridge.data())), "we made the bridge");
  }

  void rename(String from, String to, String reason) {
    add(Rename.of(from, to), reason);
  }

  /**
   * The same where the kernel renames only what is down; up again at once. Asked for a link, Linux
   * lets its link watch look at the carrier at once (rtnl_getlink, since 6.8), not within a second;
   * before that a port does not forward.
   *
   * @param present the same link as it is now; empty when there is none yet
   */
  void renameDown(String from, String to, Optional<Link> present, String reason) {
    set(SetLink.down(from), present, "this kernel renames what is down only");
    rename(from, to, reason);
    add(SetLink.up(to), "back up");
    add(SetLink.up(to), "asked for again, its carrier counts at once");
  }

  /**
   * A NIC becomes a port.
   *
   * @param device what it is called by then
   */
  void enslave(String device, String bridge, Link nic) {
    noLinkLocal(device, Optional.of(nic));
    add(SetLink.master(device, bridge), "the NIC becomes a port");
  }

  /** No IPv6 link-local address on what only carries other hosts' frames. */
  public void noLinkLocal(String device) {
    noLinkLocal(device, host().link(device));
  }

  void noLinkLocal(String device, Optional<Link> present) {
    if (host().hasIpv6()) {
      set(
          SetLink.ipv6Generation(device, Link.IPV6_NONE),
          present,
          "no IPv6 link-local address of its own");
    }
  }

  /**
   * VLANs that lie on a device stay up while it is down, with their IPv6 addresses and routes, or
   * go down with it again.
   */
  void bindLoosely(Link device, boolean loosely) {
    for (Link vlan : host().links()) {
      boolean liesOnIt = vlan.kind().equals(VlanFlags.KIND) && vlan.lower() == device.index();
      if (liesOnIt && !VlanFlags.of(vlan.data()).has(VlanFlags.Flag.LOOSE_BINDING)) {
        add(
            SetLink.looseBinding(vlan.name(), loosely),
            loosely ? "it is not to go down with " + device.name() : "as before");
      }
    }
  }

  /** The setting that keeps a bridge from taking the port's address for its own. */
  public void vifMac(String device, Optional<Link> present) {
    set(
        SetLink.mac(device, MacAddress.VIF),
        present,
        "the highest address, which no bridge takes for its own");
  }

  /** Takes all addresses off a device, of which a bridge port has none. */
  void flush(String device) {
    host()
        .link(device)
        .map(link -> Configuration.ofAddresses(host(), link))
        .ifPresent(has -> addAll(has.removeAddresses(device), "a bridge port has no addresses"));
  }
}
