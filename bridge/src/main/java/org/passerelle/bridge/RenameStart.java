package org.passerelle.bridge;

import java.util.Optional;
import org.passerelle.link.plan.Configuration;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.rtnl.Link;

/**
 * The plan of {@code network-bridge start generation=rename}.
 *
 * <pre>
 *   before            after
 *                     eth0 (a bridge)
 *                       |
 *   eth0 -- wire      peth0 -- wire
 * </pre>
 *
 * Where the NIC can be renamed while it is up, the bridge is made under the free name and takes the
 * NIC's place, as in {@link BridgeTakeover}. Elsewhere NIC and bridge go down for their names, and
 * a {@link StandIn} is dom0's device meanwhile.
 */
final class RenameStart {
  private final RenameNames names;
  private final boolean live;
  private final LinkSteps steps;
  private final Host host;
  private final BridgeTakeover takeover;

  private RenameStart(RenameNames names, Host host, boolean live) {
    this.names = names;
    this.live = live;
    this.steps = new LinkSteps(host);
    this.host = host;
    this.takeover = names.takeover(steps);
  }

  /** As {@link BridgedNic#start}. */
  static Plan plan(RenameNames names, Host host, boolean live) {
    return new RenameStart(names, host, live).plan();
  }

  private Plan plan() {
    Requirements.validName(names.bridge());
    if (host.link(names.physical()).isPresent()) {
      requireMade();
      takeover.start(names.physical());
    } else {
      Link nic = Requirements.freeNic(host, names.netdev());
      if (live) {
        renameWhileUp(nic);
      } else {
        renameWhileDown(nic);
      }
    }
    return steps.build();
  }

  /** A NIC of that name which we did not rename is somebody's. */
  private void requireMade() {
    if (takeover.made().isEmpty()) {
      throw new RefusedException(
          names.physical()
              + " is there, but we did not make the bridge "
              + names.bridge()
              + " for it; "
              + PhysicalName.remedy(names.netdev()));
    }
  }

  private void renameWhileUp(Link nic) {
    steps.rename(nic.name(), names.physical(), "the NIC gives its name away, still working");
    if (names.hasNicsName()) {
      takeover.make(nic);
    } else {
      takeover.prepare(nic);
    }
    takeover.takeOver(names.physical(), nic);
  }

  private void renameWhileDown(Link nic) {
    names.requireMeanwhile(host);
    BridgeTakeover meanwhile =
        new BridgeTakeover(NicMark.RENAME, names.meanwhile(), names.netdev(), steps);
    meanwhile.prepare(nic);
    StandIn standIn = StandIn.make(names.pair(names.meanwhile()), steps, nic);
    Handover handover = new Handover(steps, Configuration.of(host, nic));
    handover.addBeside(standIn.device());
    handover.listen(names.meanwhile());
    steps.enslave(nic.name(), names.meanwhile(), nic);
    handover.move(nic.name(), standIn.device());
    steps.bindLoosely(nic, true);
    steps.renameDown(nic.name(), names.physical(), Optional.of(nic), "the NIC gives its name away");
    if (names.hasNicsName()) {
      steps.renameDown(names.meanwhile(), names.bridge(), Optional.empty(), "the bridge takes it");
    }
    handover.addBeside(names.bridge());
    handover.move(standIn.device(), names.bridge());
    handover.listenNoMore(names.bridge());
    handover.settle(names.bridge(), nic.ipv6AddressGeneration());
    steps.bindLoosely(nic, false);
    standIn.delete();
  }
}
