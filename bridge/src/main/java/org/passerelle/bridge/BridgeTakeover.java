package org.passerelle.bridge;

import java.util.Optional;
import org.passerelle.link.plan.Configuration;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.SetLink;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkSpec;

/**
 * A bridge takes a NIC's place, and gives it back: it has the NIC's MAC, its addresses and its
 * routes, and the NIC is a port.
 *
 * <p>dom0 is reachable throughout: the addresses are put on the bridge <em>beside</em> the NIC's
 * own. Once the NIC is a port, what comes in for dom0 is taken by the bridge, which has the same
 * MAC; what goes out leaves by the NIC until the routes have moved.
 *
 * @param mark of the bridges that it makes
 * @param netdev the NIC's name while there is no bridge, by which it is marked
 */
record BridgeTakeover(NicMark mark, String bridge, String netdev, LinkSteps steps) {

  /** With the NIC under the name that it has, {@code device}; nothing where all is so already. */
  void start(String device) {
    Host host = steps.host();
    Optional<Link> present = host.link(bridge);
    present.ifPresent(Requirements::isBridge);
    boolean bridged =
        host.link(device)
            .filter(nic -> nic.master() != 0 && host.master(nic).equals(bridge))
            .isPresent();
    if (bridged) {
      steps.set(SetLink.up(device), "ports carry frames when they are up");
      bridgeUp(present);
    } else {
      Link nic = Requirements.freeNic(host, device);
      prepare(nic);
      takeOver(device, nic);
    }
  }

  /** The bridge is up, with the NIC's MAC. */
  void prepare(Link nic) {
    steps.host().link(bridge).ifPresentOrElse(link -> use(link, nic), () -> make(nic));
  }

  /** Addresses of a bridge that is somebody's would be taken for the NIC's when this one stops. */
  private void use(Link link, Link nic) {
    requireOurs(link);
    steps.set(SetLink.mac(link.name(), nic.mac()), "dom0 keeps its MAC");
    bridgeUp(Optional.of(link));
  }

  private void requireOurs(Link link) {
    Requirements.isBridge(link);
    if (mark.nicOf(link).isEmpty()) {
      throw new RefusedException(
          link.name()
              + " is there, and was made by somebody else, who can make "
              + netdev
              + " its port: ip link set dev "
              + netdev
              + " master "
              + link.name()
              + "; or choose another bridge with bridge=");
    }
    mark.requireMadeFor(netdev, link);
  }

  /** Even where the NIC, which had that name, is not called so any more. */
  void make(Link nic) {
    steps.create(
        LinkSpec.of(bridge, BridgeKind.XEN).withMac(nic.mac()),
        mark.owner(netdev),
        "the bridge, with dom0's MAC");
    steps.noLinkLocal(bridge, Optional.empty());
    bridgeUp(Optional.empty());
  }

  private void bridgeUp(Optional<Link> present) {
    steps.set(SetLink.up(bridge), present, "the bridge forwards when it is up");
  }

  /**
   * @param device what the NIC is called by then
   */
  void takeOver(String device, Link nic) {
    Handover handover = new Handover(steps, Configuration.of(steps.host(), nic));
    handover.addBeside(bridge);
    steps.enslave(device, bridge, nic);
    handover.move(device, bridge);
    handover.settle(bridge, nic.ipv6AddressGeneration());
    steps.set(SetLink.up(device), Optional.of(nic), "the NIC was down");
  }

  /** The bridge that we made for this NIC; one that somebody else made is his to stop. */
  Optional<Link> made() {
    Optional<Link> link = steps.host().link(bridge).filter(one -> mark.nicOf(one).isPresent());
    link.ifPresent(one -> mark.requireMadeFor(netdev, one));
    return link;
  }

  /**
   * @param device what the NIC is called by then
   * @param name what the bridge is called by then
   */
  void giveBack(String device, Link nic, String name, Link link) {
    Handover handover = new Handover(steps, Configuration.of(steps.host(), link));
    // It may get its carrier back, in an undo, before it gets its addresses back.
    steps.noLinkLocal(name, Optional.of(link));
    handover.addBeside(device);
    handover.moveRoutes(name, device);
    // Not later: what comes in for dom0 is taken by the bridge until then, which must have
    // addresses.
    steps.set(SetLink.noMaster(device), Optional.of(nic), "no port any more");
    handover.removeAddresses(name);
    steps.deleteBridge(name, link);
    handover.settle(device, link.ipv6AddressGeneration());
  }

  /** Also a NIC that somebody took out of the bridge gets all back: dom0 has no other. */
  static void requireNotElsewhere(Link nic, Link bridge, Host host) {
    if (nic.master() != bridge.index()) {
      Requirements.freeNic(host, nic.name());
    }
  }
}
