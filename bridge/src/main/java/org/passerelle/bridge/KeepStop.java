package org.passerelle.bridge;

import java.util.Optional;
import org.passerelle.link.plan.Configuration;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.SetLink;
import org.passerelle.link.rtnl.Link;

/** The plan of {@code network-bridge stop generation=keep}: {@link KeepStart} backwards. */
final class KeepStop {
  private final KeepNames names;
  private final Host host;
  private final LinkSteps steps;

  private KeepStop(KeepNames names, Host host) {
    this.names = names;
    this.host = host;
    this.steps = new LinkSteps(host);
  }

  static Plan plan(KeepNames names, Host host) {
    return new KeepStop(names, host).plan();
  }

  /** A bridge that somebody else made is his to stop. */
  private Plan plan() {
    Optional<Link> bridge =
        host.link(names.bridge()).filter(link -> KeepNames.nicOf(link).isPresent());
    bridge.ifPresent(
        link -> {
          names.requireMadeForNic(link);
          host.link(names.netdev())
              .ifPresentOrElse(nic -> giveBack(nic, link), () -> steps.deleteBridge(link));
        });
    return steps.build();
  }

  /** Also to a NIC that somebody took out of the bridge: dom0 has no other. */
  private void giveBack(Link nic, Link bridge) {
    if (nic.master() != bridge.index()) {
      Requirements.freeNic(host, names.netdev());
    }
    Handover handover = new Handover(steps, Configuration.of(host, bridge));
    // It may get its carrier back, in an undo, before it gets its addresses back.
    steps.noLinkLocal(bridge.name());
    handover.addBeside(nic.name());
    handover.move(bridge.name(), nic.name());
    steps.set(SetLink.noMaster(nic.name()), Optional.of(nic), "no port any more");
    steps.deleteBridge(bridge);
    handover.settle(nic.name(), bridge.ipv6AddressGeneration());
  }
}
