package org.passerelle.bridge;

import java.util.Optional;
import org.passerelle.link.plan.Configuration;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.SetLink;
import org.passerelle.link.rtnl.Link;

/** The plan of {@code network-bridge stop generation=rename}: {@link RenameStart} backwards. */
final class RenameStop {
  private final RenameNames names;
  private final boolean live;
  private final LinkSteps steps;
  private final Host host;
  private final BridgeTakeover takeover;

  private RenameStop(RenameNames names, Host host, boolean live) {
    this.names = names;
    this.live = live;
    this.steps = new LinkSteps(host);
    this.host = host;
    this.takeover = names.takeover(steps);
  }

  /** As {@link BridgedNic#stop}. */
  static Plan plan(RenameNames names, Host host, boolean live) {
    return new RenameStop(names, host, live).plan();
  }

  private Plan plan() {
    takeover
        .made()
        .ifPresent(
            bridge ->
                host.link(names.physical())
                    .ifPresentOrElse(
                        nic -> giveBack(nic, bridge), () -> steps.deleteBridge(bridge)));
    return steps.build();
  }

  private void giveBack(Link nic, Link bridge) {
    BridgeTakeover.requireNotElsewhere(nic, bridge, host);
    names.requireMeanwhile(host);
    if (!names.hasNicsName()) {
      Requirements.isFree(host, names.netdev(), nic.name());
    }
    if (live) {
      renameWhileUp(nic, bridge);
    } else {
      renameWhileDown(nic, bridge);
    }
  }

  private void renameWhileUp(Link nic, Link bridge) {
    if (names.hasNicsName()) {
      steps.rename(bridge.name(), names.meanwhile(), "the bridge gives the name back");
    }
    steps.rename(nic.name(), names.netdev(), "the NIC takes its own");
    takeover.giveBack(names.netdev(), nic, names.meanwhile(), bridge);
  }

  private void renameWhileDown(Link nic, Link bridge) {
    StandIn standIn = StandIn.make(names.pair(bridge.name()), steps, bridge);
    Handover handover = new Handover(steps, Configuration.of(host, bridge));
    steps.noLinkLocal(bridge.name());
    handover.listen(bridge.name());
    handover.addBeside(standIn.device());
    handover.move(bridge.name(), standIn.device());
    if (names.hasNicsName()) {
      steps.renameDown(
          bridge.name(), names.meanwhile(), Optional.of(bridge), "the bridge gives the name back");
    }
    steps.bindLoosely(nic, true);
    steps.renameDown(nic.name(), names.netdev(), Optional.of(nic), "the NIC takes its own");
    handover.addBeside(names.netdev());
    handover.move(standIn.device(), names.netdev());
    steps.set(SetLink.noMaster(names.netdev()), Optional.of(nic), "no port any more");
    handover.listenNoMore(names.meanwhile());
    handover.settle(names.netdev(), bridge.ipv6AddressGeneration());
    steps.bindLoosely(nic, false);
    standIn.delete();
    steps.deleteBridge(names.meanwhile(), bridge);
  }
}
