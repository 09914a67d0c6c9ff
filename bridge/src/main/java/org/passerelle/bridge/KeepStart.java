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
 * The plan of {@code network-bridge start generation=keep}: the NIC keeps its name and becomes a
 * port of a bridge, which takes its MAC, its addresses and its routes.
 *
 * <pre>
 *   before            after
 *                     xenbr0
 *                       |
 *   eth0 -- wire      eth0 -- wire
 * </pre>
 *
 * Nothing goes down, and dom0 is reachable throughout: the addresses are put on the bridge
 * <em>beside</em> the NIC's own. Once the NIC is a port, what comes in for dom0 is taken by the
 * bridge, which has the same MAC; what goes out leaves by the NIC until the routes have moved.
 */
final class KeepStart {
  private final KeepNames names;
  private final Host host;
  private final LinkSteps steps;

  private KeepStart(KeepNames names, Host host) {
    this.names = names;
    this.host = host;
    this.steps = new LinkSteps(host);
  }

  static Plan plan(KeepNames names, Host host) {
    return new KeepStart(names, host).plan();
  }

  private Plan plan() {
    Requirements.validName(names.bridge());
    Optional<Link> present = host.link(names.bridge());
    present.ifPresent(Requirements::isBridge);
    boolean bridged =
        host.link(names.netdev())
            .filter(nic -> nic.master() != 0 && host.master(nic).equals(names.bridge()))
            .isPresent();
    if (bridged) {
      up();
    } else {
      Link nic = Requirements.freeNic(host, names.netdev());
      present.ifPresentOrElse(bridge -> use(bridge, nic), () -> make(nic));
      steps.set(SetLink.up(names.bridge()), "the bridge forwards when it is up");
      takeOver(nic);
    }
    return steps.build();
  }

  /** Addresses of a bridge that is somebody's would be taken for the NIC's when this one stops. */
  private void use(Link bridge, Link nic) {
    if (KeepNames.nicOf(bridge).isEmpty()) {
      throw new RefusedException(
          bridge.name()
              + " is there, and was made by somebody else, who can make "
              + names.netdev()
              + " its port: ip link set dev "
              + names.netdev()
              + " master "
              + bridge.name()
              + "; or choose another bridge with bridge=");
    }
    names.requireMadeForNic(bridge);
    steps.set(SetLink.mac(bridge.name(), nic.mac()), "dom0 keeps its MAC");
  }

  private void make(Link nic) {
    steps.create(
        LinkSpec.of(names.bridge(), BridgeKind.XEN).withMac(nic.mac()),
        names.owner(),
        "the bridge, with dom0's MAC");
    steps.noLinkLocal(names.bridge());
  }

  private void takeOver(Link nic) {
    Handover handover = new Handover(steps, Configuration.of(host, nic));
    handover.addBeside(names.bridge());
    steps.noLinkLocal(nic.name(), Optional.of(nic));
    steps.add(SetLink.master(nic.name(), names.bridge()), "the NIC becomes a port");
    handover.move(nic.name(), names.bridge());
    handover.settle(names.bridge(), nic.ipv6AddressGeneration());
    steps.set(SetLink.up(nic.name()), Optional.of(nic), "the NIC was down");
  }

  private void up() {
    steps.set(SetLink.up(names.netdev()), "ports carry frames when they are up");
    steps.set(SetLink.up(names.bridge()), "the bridge forwards when it is up");
  }
}
