package org.passerelle.bridge;

import org.passerelle.link.plan.SetLink;
import org.passerelle.link.rtnl.Link;

/**
 * A pair that has dom0's addresses and routes while NIC and pair are renamed, where the kernel
 * renames only what is down: going down, a device loses its routes and its IPv6 addresses. dom0
 * moves onto it and off it again with all links up, so that it is away only while the NIC itself is
 * down, however much there is to move.
 *
 * <pre>
 *   before            meanwhile                   after
 *                     veth1 -- vif0.1 --+         eth0 -- vif0.0 --+
 *   eth0 -- wire                      xenbr0                    xenbr0
 *                              wire -- NIC --+         wire -- peth0 --+
 * </pre>
 */
final class StandIn {
  private final NetloopNames names;
  private final NetloopPair pair;

  private StandIn(NetloopNames names, LinkSteps steps) {
    this.names = names;
    this.pair = new NetloopPair(names, steps);
  }

  /** With the MAC of the device whose place it takes: nobody outside is to learn another one. */
  static StandIn make(NetloopNames names, LinkSteps steps, Link device) {
    StandIn standIn = new StandIn(names.standIn(steps.host()), steps);
    standIn.pair.make(device);
    steps.add(SetLink.up(standIn.device()), "dom0's device for the time being");
    return standIn;
  }

  String device() {
    return names.loopback();
  }

  void delete() {
    pair.delete(names.loopback(), names.port());
  }
}
