package org.passerelle.bridge;

import java.util.Optional;
import org.passerelle.link.plan.Configuration;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Ownership;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.SetLink;
import org.passerelle.link.rtnl.Link;

/**
 * The plan of {@code network-bridge stop}: {@link NetloopStart} backwards, from the state as it is
 * now: what addresses and routes dom0's device has by then go to the NIC. Only what we made is
 * deleted.
 */
final class NetloopStop {
  private final NetloopNames names;
  private final boolean live;
  private final LinkSteps steps;
  private final Host host;

  private NetloopStop(NetloopNames names, Host host, boolean live) {
    this.names = names;
    this.live = live;
    this.steps = new LinkSteps(host);
    this.host = host;
  }

  /** As {@link BridgedNic#stop}. */
  static Plan plan(NetloopNames names, Host host, boolean live) {
    return new NetloopStop(names, host, live).plan();
  }

  private Plan plan() {
    Optional<Link> physical = host.link(names.physical());
    physical.ifPresentOrElse(this::giveBack, this::requireNobody);
    removeBridge();
    if (physical.isPresent()) {
      removePair(host.link(names.port()).orElseThrow());
    } else {
      host.link(names.loopback())
          .filter(link -> Ownership.isOf(link, names.owner()))
          .ifPresent(link -> pair().delete(names.loopback(), names.port()));
    }
    pair().deleteIdle();
    return steps.build();
  }

  /** Without its NIC, the bridge is still dom0's way out when dom0's device is behind it. */
  private void requireNobody() {
    names
        .dom0Behind(host)
        .ifPresent(
            device -> {
              throw new RefusedException(
                  names.bridge()
                      + " was made for "
                      + device
                      + ", and there is no "
                      + names.physical()
                      + "; use netdev="
                      + device);
            });
  }

  private void requireBridge(Link physical) {
    if (physical.master() != 0 && !host.master(physical).equals(names.bridge())) {
      throw new RefusedException(
          physical.name()
              + " is a port of "
              + host.master(physical)
              + ", not of "
              + names.bridge()
              + "; use bridge="
              + host.master(physical));
    }
  }

  private NetloopPair pair() {
    return new NetloopPair(names, steps);
  }

  private void giveBack(Link physical) {
    requireBridge(physical);
    Link device = NetloopPair.requireBridged(names, host);
    Requirements.isFree(host, names.loopback(), names.netdev());
    Handover handover = new Handover(steps, Configuration.of(host, device));
    if (live) {
      renameWhileUp(physical, device, handover);
    } else {
      renameWhileDown(physical, device, handover);
    }
  }

  private void renameWhileUp(Link physical, Link device, Handover handover) {
    steps.rename(names.netdev(), names.loopback(), "dom0's device gives the name back");
    steps.rename(names.physical(), names.netdev(), "the NIC takes its own");
    speak(physical);
    handover.listen(names.bridge());
    steps.add(SetLink.mac(names.netdev(), device.mac()), "the NIC's own MAC again");
    handover.addBeside(names.netdev());
    handover.move(names.loopback(), names.netdev());
    release(physical);
    handover.listenNoMore(names.bridge());
    handover.settle(names.netdev(), device.ipv6AddressGeneration());
  }

  /** The step after the NIC's up is about it, as in {@link NetloopStart}. */
  private void renameWhileDown(Link physical, Link device, Handover handover) {
    StandIn standIn = StandIn.make(names, steps, device);
    handover.listen(names.bridge());
    handover.addBeside(standIn.device());
    handover.move(names.netdev(), standIn.device());
    steps.set(SetLink.down(names.netdev()), "this kernel renames what is down only");
    steps.rename(names.netdev(), names.loopback(), "dom0's device gives the name back");
    steps.bindLoosely(physical, true);
    steps.set(SetLink.down(names.physical()), "so it does with this one");
    steps.rename(names.physical(), names.netdev(), "the NIC takes its own");
    steps.add(SetLink.mac(names.netdev(), device.mac()), "the NIC's own MAC again");
    steps.add(SetLink.up(names.netdev()), "back up");
    speak(physical);
    handover.addBeside(names.netdev());
    handover.move(standIn.device(), names.netdev());
    release(physical);
    handover.listenNoMore(names.bridge());
    handover.settle(names.netdev(), device.ipv6AddressGeneration());
    steps.bindLoosely(physical, false);
    standIn.delete();
  }

  private void speak(Link physical) {
    Optional<Link> present = Optional.of(physical);
    steps.set(SetLink.arp(names.netdev(), true), present, "the NIC speaks for itself again");
    steps.set(SetLink.multicast(names.netdev(), true), present, "and listens");
  }

  private void release(Link physical) {
    steps.set(SetLink.noMaster(names.netdev()), Optional.of(physical), "no port any more");
  }

  private void removeBridge() {
    host.link(names.bridge())
        .filter(link -> link.kind().equals(BridgeKind.NAME))
        .filter(link -> Ownership.isOurs(link) && !NicMark.isOn(link))
        .ifPresent(steps::deleteBridge);
  }

  /** A pair that was there before us stays, silent and with no MAC of anybody else's. */
  private void removePair(Link port) {
    if (Ownership.isOurs(port)) {
      pair().delete(names.loopback(), names.port());
      return;
    }
    if (live) {
      steps.add(SetLink.down(names.loopback()), "nobody uses it");
    }
    steps.vifMac(names.loopback(), Optional.empty());
    steps.set(SetLink.down(names.port()), "nobody uses it");
    boolean attached = port.master() != 0 && !isRemoved(port);
    if (attached) {
      steps.add(SetLink.noMaster(names.port()), "no port any more");
    }
  }

  private boolean isRemoved(Link port) {
    return host.link(port.master()).filter(Ownership::isOurs).isPresent();
  }
}
