package org.passerelle.bridge;

import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.SetLink;
import org.passerelle.link.plan.SetSysctl;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.Link;

/**
 * The plans of {@code vif-bridge}: a vif's (or an emulated NIC's tap's) host end becomes a port of
 * a bridge, and is released again.
 *
 * @param device as the driver called it: {@code vif1.0}
 * @param name what it is to be called instead, {@code vifname}
 * @param bridge the bridge asked for; empty for the host's first
 * @param mtu as the toolstack asked; empty for the bridge's
 */
public record VifAttachment(
    String device, Optional<String> name, Optional<String> bridge, OptionalInt mtu) {

  /** What the device is called once it is attached. */
  public String attachedName() {
    return vif().attachedName();
  }

  /** The device, and the name that it is to have. */
  public VifDevice vif() {
    return new VifDevice(device, name);
  }

  /**
   * The bridge that is there. Asked for xenbrN (Xen 3.1's name) on a host whose bridge has the
   * NIC's name (3.2's), it is ethN.
   *
   * @throws RefusedException when there is none; the texts are the originals'
   */
  public Link findBridge(Host host) {
    String wanted = bridge.orElseGet(() -> firstBridge(host));
    Optional<Link> found = VifDevice.exactly(host, wanted).or(() -> renamedBridge(host, wanted));
    Link link =
        found.orElseThrow(() -> new RefusedException("Could not find bridge device " + wanted));
    Requirements.isBridge(link);
    return link;
  }

  /** By name, those that lead somewhere before those that have no port. */
  private static String firstBridge(Host host) {
    return host.links().stream()
        .filter(link -> link.kind().equals(BridgeKind.NAME))
        .sorted(
            Comparator.<Link, Boolean>comparing(link -> host.ports(link).isEmpty())
                .thenComparing(Link::name))
        .map(Link::name)
        .findFirst()
        .orElseThrow(() -> new RefusedException("Could not find bridge, and none was specified"));
  }

  private static Optional<Link> renamedBridge(Host host, String wanted) {
    return wanted.matches("xenbr\\d+")
        ? VifDevice.exactly(host, "eth" + wanted.substring("xenbr".length()))
            .filter(link -> link.kind().equals(BridgeKind.NAME))
        : Optional.empty();
  }

  /**
   * Plans the attachment; empty when the device is attached already.
   *
   * @param live links can be renamed while they are up
   */
  public Plan attach(Host host, boolean live) {
    Link vif = vif().find(host);
    Link target = findBridge(host);
    String named = attachedName();
    LinkSteps steps = new LinkSteps(host);
    Optional<Link> present = Optional.of(vif);
    boolean ready = vif.name().equals(named) && vif.master() == target.index();
    boolean down = vif.isUp() && !ready;
    steps.flush(vif.name());
    if (!live && down) {
      steps.add(SetLink.down(vif.name()), "this kernel renames what is down only");
    }
    vif().rename(steps, vif);
    if (live && down) {
      steps.add(SetLink.down(named), "nothing passes before all is set");
    }
    settle(steps, vif, named, mtu.orElse(target.mtu()));
    // Whoever was router at the vif has an address there; else the original leaves the setting.
    if (!ready && !host.addresses(vif.name()).isEmpty()) {
      steps.set(
          SetSysctl.of(named, SetSysctl.IPV4, "proxy_arp", "0"),
          SetSysctl.of(vif.name(), SetSysctl.IPV4, "proxy_arp", "").present(host),
          "a bridge port answers nobody");
    }
    steps.set(SetLink.master(named, target.name()), present, "a port of the bridge");
    if (down || !vif.isUp()) {
      steps.add(SetLink.up(named), "the guest is connected");
    }
    return steps.build();
  }

  private void settle(LinkSteps steps, Link vif, String named, int wantedMtu) {
    Optional<Link> present = Optional.of(vif);
    steps.vifMac(named, present);
    steps.set(
        SetLink.mtu(named, wantedMtu),
        present,
        mtu.isPresent() ? "mtu=" + wantedMtu : "as the bridge");
    steps.noLinkLocal(named, present);
  }

  /**
   * Plans the release; empty when device, bridge or bond are gone already. A link that is called
   * {@link #attachedName} and is not the device stays as it is.
   */
  public Plan detach(Host host) {
    LinkSteps steps = new LinkSteps(host);
    vif()
        .ifThere(host)
        .ifPresent(
            vif -> {
              steps.set(SetLink.down(vif.name()), "the guest is disconnected");
              steps.set(SetLink.noMaster(vif.name()), "no port any more");
            });
    return steps.build();
  }
}
