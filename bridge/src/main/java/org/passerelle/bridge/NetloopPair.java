package org.passerelle.bridge;

import java.util.Optional;
import org.passerelle.link.plan.DeleteLink;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Ownership;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.SetLink;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.rtnl.VethKind;

/**
 * The pairs veth0/vif0.0, veth1/vif0.1, … that Xen 3.1's netloop driver made: dom0's own way to a
 * bridge. One that is there is used as it is.
 */
final class NetloopPair {
  private final NetloopNames names;
  private final LinkSteps steps;
  private final Host host;

  NetloopPair(NetloopNames names, LinkSteps steps) {
    this.names = names;
    this.steps = steps;
    this.host = steps.host();
  }

  /** When the NIC has given its name away: dom0's device must be the other end of the port. */
  static Link requireBridged(NetloopNames names, Host host) {
    Optional<Link> ours =
        host.link(names.netdev())
            .filter(link -> host.peer(link).filter(p -> p.name().equals(names.port())).isPresent());
    return ours.orElseThrow(
        () ->
            new RefusedException(
                names.physical()
                    + " is there, but "
                    + names.netdev()
                    + " is not the other end of "
                    + names.port()
                    + "; "
                    + PhysicalName.remedy(names.netdev())));
  }

  /** Refuses a pair that is in use, or half there. */
  void check() {
    Optional<Link> loopback = host.link(names.loopback());
    Optional<Link> port = host.link(names.port());
    if (loopback.isPresent() != port.isPresent()) {
      throw new RefusedException(
          "of the pair "
              + names.loopback()
              + " and "
              + names.port()
              + " only one is there; delete it, or choose another pair with vifnum=");
    }
    loopback.ifPresent(link -> checkFree(link, port.orElseThrow()));
  }

  private void checkFree(Link loopback, Link port) {
    if (host.peer(loopback).filter(peer -> peer.index() == port.index()).isEmpty()) {
      throw new RefusedException(
          loopback.name() + " and " + port.name() + " are there, and are not one veth pair");
    }
    boolean addressed = host.addresses(loopback.name()).stream().anyMatch(NetloopPair::isOfUse);
    boolean elsewhere =
        port.master() != 0 && !host.master(port).equals(names.bridge()) || loopback.master() != 0;
    if (addressed || elsewhere) {
      throw new RefusedException(
          loopback.name()
              + " and "
              + port.name()
              + " are in use already; choose another pair with vifnum=");
    }
  }

  private static boolean isOfUse(Address address) {
    return address.scope() != Route.SCOPE_LINK;
  }

  /**
   * The pair, its one end a port that is up, the other dom0's device to be: up, without address.
   */
  void make(Link nic) {
    if (host.link(names.loopback()).isEmpty()) {
      create(names.number());
    }
    port(nic);
    String loopback = names.loopback();
    steps.flush(loopback);
    steps.noLinkLocal(loopback);
    steps.set(SetLink.mac(loopback, nic.mac()), "dom0 keeps its MAC");
    steps.set(SetLink.mtu(loopback, nic.mtu()), "as the NIC");
  }

  private void port(Link nic) {
    String port = names.port();
    steps.flush(port);
    steps.noLinkLocal(port);
    steps.vifMac(port, host.link(port));
    steps.set(SetLink.arp(port, false), "a port carries frames only");
    steps.set(SetLink.multicast(port, false), "and listens to nothing itself");
    steps.set(SetLink.mtu(port, nic.mtu()), "as the NIC");
    steps.set(SetLink.master(port, names.bridge()), "dom0's port");
    steps.set(SetLink.up(port), "ports carry frames when they are up");
  }

  private void create(int number) {
    String loopback = NetloopNames.loopback(number);
    String port = NetloopNames.port(number);
    steps.create(
        LinkSpec.of(loopback, new VethKind(port)), names.owner(), "dom0's way to a bridge");
    steps.mark(port, names.owner());
  }

  /** The further pairs that were asked for, for other bridges to use. */
  void makeOthers() {
    for (int number = 0; number < names.pairs(); number++) {
      if (NetloopNames.isFree(host, number) && number != names.number()) {
        create(number);
        steps.noLinkLocal(NetloopNames.port(number));
      }
    }
  }

  /** Pairs that we made for this bridge and that no bridge uses. */
  void deleteIdle() {
    for (Link link : host.links()) {
      boolean idle =
          link.name().startsWith("veth")
              && !link.name().equals(names.loopback())
              && Ownership.isOf(link, names.owner())
              && host.peer(link).filter(peer -> peer.master() == 0).isPresent();
      if (idle) {
        delete(link.name(), host.peer(link).orElseThrow().name());
      }
    }
  }

  void delete(String loopback, String port) {
    steps.add(DeleteLink.of(loopback, new VethKind(port)), "we made the pair " + loopback);
  }
}
