package org.passerelle.lab.switching;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelDecorator;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkFlags;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.vlan.VlanKind;

/**
 * A kernel whose bridges and VLANs are ours: those that are made through it, and the ports that
 * bridges get through it. All else is the kernel's behind it. As that one, it has one owner.
 */
final class SwitchedKernel extends KernelDecorator {
  /** ETH_DATA_LEN of linux/if_ether.h: the MTU of a bridge without ports. */
  private static final int BARE_MTU = 1500;

  private static final Logger LOG = System.getLogger(SwitchedKernel.class.getName());

  private final Switchboard board;

  SwitchedKernel(Kernel kernel, Switchboard board) {
    super(kernel);
    this.board = board;
  }

  @Override
  public List<Link> links() {
    Roster roster = board.roster();
    return kernel.links().stream().map(roster::told).toList();
  }

  @Override
  public List<Link> ports(int master) {
    return links().stream().filter(link -> link.master() == master).toList();
  }

  @Override
  public Optional<Link> link(String device) {
    return kernel.link(device).map(board.roster()::told);
  }

  @Override
  public Optional<Link> link(int index) {
    return kernel.link(index).map(board.roster()::told);
  }

  /** Those in user space look like the kernel's own. */
  @Override
  public boolean makesVlans() {
    return true;
  }

  /** So do bridges. */
  @Override
  public boolean filtersVlans() {
    return true;
  }

  @Override
  public void create(LinkSpec spec) {
    if (spec.kind().name().equals(BridgeKind.NAME)) {
      board.make(kernel, spec, BridgeSettings.of(spec));
    } else if (spec.kind() instanceof VethKind pair) {
      board.makePair(kernel, spec, pair);
    } else if (spec.kind().name().equals(VlanKind.NAME)) {
      createVlan(spec);
    } else {
      kernel.create(spec);
    }
  }

  /** With the MAC and the MTU of the device below, as the kernel's (vlan_dev_init). */
  private void createVlan(LinkSpec spec) {
    String operation = "create " + spec.name();
    Link lower =
        spec.kind()
            .lower()
            .flatMap(this::link)
            .orElseThrow(() -> Refusals.of(operation, Refusal.ENODEV, "no device below"));
    VlanSettings settings = VlanSettings.of(spec, lower);
    if (board.roster().has(settings)) {
      throw Refusals.of(operation, Refusal.EEXIST, "VLAN device already exists");
    }
    LinkSpec own = spec.mac().isPresent() ? spec : spec.withMac(lower.mac());
    board.makeVlan(kernel, own.mtu().isPresent() ? own : own.withMtu(lower.mtu()), settings, lower);
  }

  @Override
  public void delete(String device) {
    Optional<Link> link = link(device);
    kernel.delete(device);
    link.ifPresent(gone -> forget(gone.index()));
  }

  private void forget(int device) {
    int master = board.roster().master(device);
    board.end(device);
    board.release(device);
    board.endVlans(device);
    adjust(master);
  }

  @Override
  public void change(String device, LinkChange change) {
    Roster roster = board.roster();
    Optional<Link> link = kernel.link(device).map(roster::told);
    if (link.isEmpty()) {
      kernel.change(device, change);
    } else if (roster.isBridge(link.get().index())) {
      changeBridge(link.get(), roster.bridges().get(link.get().index()), change);
    } else {
      changeDevice(link.get(), change);
    }
  }

  private void changeBridge(Link bridge, BridgeSettings before, LinkChange change) {
    String operation = "set " + bridge.name();
    if (!change.master().orElse("").isEmpty()) {
      throw Refusals.of(
          operation + " master " + change.master().get(),
          Refusal.ELOOP,
          "Can not enslave a bridge to a bridge");
    }
    BridgeSettings after = before.after(change, operation);
    apply(bridge.name(), change.withoutMaster().withoutKind());
    board.change(bridge.index(), after);
  }

  /**
   * The master first: to give it back when the kernel refuses the rest costs nothing. A VLAN's
   * flags change nothing: it is up and down by itself, whatever its device is.
   */
  private void changeDevice(Link device, LinkChange change) {
    int before = board.roster().master(device.index());
    Optional<Link> target = target(device, change);
    int after = target.map(Link::index).orElse(change.master().isPresent() ? 0 : before);
    move(device, after);
    try {
      LinkChange asked = board.roster().isVlan(device.index()) ? change.withoutKind() : change;
      boolean ours = target.isPresent() || before != 0 && change.master().orElse("").isEmpty();
      apply(device.name(), ours ? asked.withoutMaster() : asked);
    } catch (KernelException e) {
      moveBack(device, before, e);
      throw e;
    }
    if (change.master().isPresent() || change.mac().isPresent() || change.mtu().isPresent()) {
      adjust(before);
      adjust(after);
    }
  }

  /** The bridge of ours that the device is to be a port of; empty for none, and for another's. */
  private Optional<Link> target(Link device, LinkChange change) {
    Optional<Link> target =
        change
            .master()
            .filter(name -> !name.isEmpty())
            .flatMap(kernel::link)
            .filter(link -> board.roster().isBridge(link.index()));
    target.ifPresent(bridge -> requireFit(device, bridge));
    return target;
  }

  private void requireFit(Link device, Link bridge) {
    String operation = "set " + device.name() + " master " + bridge.name();
    if ((device.flags() & LinkFlags.LOOPBACK) != 0) {
      throw Refusals.of(operation, Refusal.EINVAL, "a loopback device cannot be a port");
    }
    if (device.master() != board.roster().master(device.index())) {
      throw Refusals.of(operation, Refusal.EBUSY, "it is a port in the kernel; release it first");
    }
  }

  private void move(Link device, int bridge) {
    if (bridge == board.roster().master(device.index())) {
      return;
    }
    if (bridge == 0) {
      board.release(device.index());
    } else {
      board.enslave(device, bridge);
    }
  }

  private void moveBack(Link device, int bridge, KernelException cause) {
    try {
      move(device, bridge);
    } catch (KernelException e) {
      cause.addSuppressed(e);
    }
  }

  private void apply(String device, LinkChange change) {
    if (!change.equals(LinkChange.NONE)) {
      kernel.change(device, change);
    }
  }

  /**
   * Gives a bridge the address and the MTU that its ports make, unless somebody chose them (Linux's
   * br_stp_recalculate_bridge_id and br_mtu_auto_adjust). Without ports the address stays. The
   * change that led to it is done: when this fails, that has not.
   */
  private void adjust(int bridge) {
    Roster roster = board.roster();
    if (!roster.isBridge(bridge)) {
      return;
    }
    BridgeSettings settings = roster.bridges().get(bridge);
    try {
      List<Link> links = kernel.links();
      links.stream()
          .filter(link -> link.index() == bridge)
          .findFirst()
          .ifPresent(own -> apply(own.name(), due(own, settings, roster.ports(bridge, links))));
    } catch (KernelException e) {
      LOG.log(Level.WARNING, "a bridge does not follow its ports: {0}", e.getMessage());
    }
  }

  private static LinkChange due(Link bridge, BridgeSettings settings, List<Link> ports) {
    LinkChange.Builder change = LinkChange.builder();
    lowestMac(ports)
        .filter(mac -> !settings.givenMac() && !mac.equals(bridge.mac()))
        .ifPresent(change::mac);
    int mtu = ports.stream().mapToInt(Link::mtu).min().orElse(BARE_MTU);
    if (!settings.givenMtu() && mtu != bridge.mtu()) {
      change.mtu(mtu);
    }
    return change.build();
  }

  private static Optional<MacAddress> lowestMac(List<Link> ports) {
    return ports.stream().map(Link::mac).min(Comparator.comparing(MacAddress::bits));
  }
}
