package org.passerelle.bridge;

import java.util.Optional;
import org.passerelle.link.plan.Configuration;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.SetLink;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkSpec;

/**
 * The plan of {@code network-bridge start} in the manner of Xen 3.1: the bridge xenbr0 with the
 * ports peth0, which was eth0, and vif0.0, whose other end veth0 becomes dom0's eth0 with the NIC's
 * MAC, all its addresses and all its routes.
 *
 * <pre>
 *   before            after
 *                     eth0 (veth0) -- vif0.0 --+
 *   eth0 -- wire                            xenbr0
 *                              wire -- peth0 --+
 * </pre>
 *
 * In an order that leaves dom0 reachable: everything that the traffic does not pass is built first.
 * Then the names change, and neighbours and addresses are put on the new eth0 <em>beside</em> the
 * old ones. Once the NIC is a port, what comes in for dom0 is taken by the bridge itself, since it
 * is for a port's MAC, and what goes out still leaves by the NIC. Then the routes move, and what
 * goes out passes the bridge. The NIC's MAC changes last, and what comes in passes the bridge too:
 * earlier, the NIC would ask for its neighbours anew, in the name of a MAC that is nobody's.
 */
final class NetloopStart {
  private final NetloopNames names;
  private final boolean live;
  private final LinkSteps steps;
  private final Host host;

  private NetloopStart(NetloopNames names, Host host, boolean live) {
    this.names = names;
    this.live = live;
    this.steps = new LinkSteps(host);
    this.host = host;
  }

  /** As {@link BridgedNic#start}; without {@code live} by a {@link StandIn}. */
  static Plan plan(NetloopNames names, Host host, boolean live) {
    return new NetloopStart(names, host, live).plan();
  }

  private Plan plan() {
    Requirements.validName(names.bridge());
    Optional<Link> physical = host.link(names.physical());
    if (physical.isPresent()) {
      NetloopPair.requireBridged(names, host);
      requireOurBridge(physical.get());
      complete();
    } else {
      Link nic = Requirements.freeNic(host, names.netdev());
      NetloopPair pair = new NetloopPair(names, steps);
      pair.check();
      bridge();
      pair.make(nic);
      bridgeUp();
      takeOver(nic);
      pair.makeOthers();
    }
    return steps.build();
  }

  /** Renamed before, by whomever: what is missing is put right. */
  private void complete() {
    bridge();
    port(names.physical());
    port(names.port());
    bridgeUp();
    steps.set(SetLink.up(names.netdev()), "dom0's device");
    new NetloopPair(names, steps).makeOthers();
  }

  /** Another bridge has the NIC: its guests would be cut off if this one took it. */
  private void requireOurBridge(Link physical) {
    if (physical.master() != 0 && !host.master(physical).equals(names.bridge())) {
      throw new RefusedException(
          names.physical()
              + " is a port of "
              + host.master(physical)
              + " already, not of "
              + names.bridge()
              + "; stop that bridge first: network-bridge stop bridge="
              + host.master(physical));
    }
  }

  private void port(String device) {
    steps.set(SetLink.master(device, names.bridge()), "a port of the bridge");
    steps.set(SetLink.up(device), "ports carry frames when they are up");
  }

  private void bridge() {
    Optional<Link> there = host.link(names.bridge());
    if (there.isPresent()) {
      Requirements.isBridge(there.get());
      return;
    }
    steps.create(LinkSpec.of(names.bridge(), BridgeKind.XEN), names.owner(), "the bridge");
    steps.noLinkLocal(names.bridge());
    steps.set(
        SetLink.arp(names.bridge(), false), "dom0 speaks by its own device, not the bridge's");
    steps.set(SetLink.multicast(names.bridge(), false), "nor does it listen there");
  }

  private void bridgeUp() {
    steps.set(SetLink.up(names.bridge()), "the bridge forwards when it is up");
  }

  private void takeOver(Link nic) {
    Handover handover = new Handover(steps, Configuration.of(host, nic));
    if (live) {
      renameWhileUp(nic, handover);
    } else {
      renameWhileDown(nic, handover);
    }
  }

  private void renameWhileUp(Link nic, Handover handover) {
    steps.set(SetLink.up(names.loopback()), "dom0's device to be");
    steps.rename(nic.name(), names.physical(), "the NIC gives its name away, still working");
    steps.rename(names.loopback(), names.netdev(), "dom0's device takes it");
    handover.addBeside(names.netdev());
    handover.listen(names.bridge());
    steps.enslave(names.physical(), names.bridge(), nic);
    handover.move(names.physical(), names.netdev());
    steps.vifMac(names.physical(), Optional.of(nic));
    handover.listenNoMore(names.bridge());
    handover.settle(names.netdev(), nic.ipv6AddressGeneration());
    silence(nic);
    steps.set(SetLink.up(names.physical()), Optional.of(nic), "the NIC was down");
  }

  /**
   * Nobody hears dom0 between the NIC's down and its up, so no other step is in between. The step
   * after it is about the NIC too: asked for a link, Linux lets its link watch look at the carrier
   * at once (rtnl_getlink, since 6.8), not within a second; before that a port does not forward.
   */
  private void renameWhileDown(Link nic, Handover handover) {
    StandIn standIn = StandIn.make(names, steps, nic);
    handover.addBeside(standIn.device());
    handover.listen(names.bridge());
    steps.enslave(nic.name(), names.bridge(), nic);
    handover.move(nic.name(), standIn.device());
    steps.bindLoosely(nic, true);
    steps.set(SetLink.down(nic.name()), "this kernel renames what is down only");
    steps.rename(nic.name(), names.physical(), "the NIC gives its name away");
    steps.vifMac(names.physical(), Optional.of(nic));
    steps.add(SetLink.up(names.physical()), "back up");
    silence(nic);
    handover.listenNoMore(names.bridge());
    host.link(names.loopback())
        .filter(Link::isUp)
        .ifPresent(link -> steps.add(SetLink.down(link.name()), "so it does with this one"));
    steps.rename(names.loopback(), names.netdev(), "dom0's device takes it");
    steps.add(SetLink.up(names.netdev()), "dom0's device");
    handover.addBeside(names.netdev());
    handover.move(standIn.device(), names.netdev());
    handover.settle(names.netdev(), nic.ipv6AddressGeneration());
    steps.bindLoosely(nic, false);
    standIn.delete();
  }

  private void silence(Link nic) {
    Optional<Link> present = Optional.of(nic);
    steps.set(SetLink.arp(names.physical(), false), present, "the NIC carries frames only");
    steps.set(SetLink.multicast(names.physical(), false), present, "and listens to nothing itself");
  }
}
