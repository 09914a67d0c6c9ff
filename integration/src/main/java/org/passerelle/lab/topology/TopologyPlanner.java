package org.passerelle.lab.topology;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.passerelle.lab.model.Domain;
import org.passerelle.lab.model.Host;
import org.passerelle.lab.model.Lab;
import org.passerelle.lab.model.Located;
import org.passerelle.lab.model.OutsideHost;
import org.passerelle.lab.model.ScriptCall;
import org.passerelle.lab.model.Settings;
import org.passerelle.lab.model.VifLine;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.link.wire.VlanId;

/** Works the topology out from the file; pure. */
public final class TopologyPlanner {
  private final Lab lab;
  private final Optional<BridgeLayout> layout;
  private final Optional<VlanLayout> vlans;
  private final MacAllocator macs;
  private final Map<String, MacAddress> nicMacs = new HashMap<>();

  private TopologyPlanner(Lab lab) {
    this.lab = lab;
    this.layout = lab.networkScript().flatMap(call -> BridgeLayout.of(call, lab.host()));
    this.vlans = lab.networkScript().flatMap(TopologyPlanner::vlans);
    this.macs = new MacAllocator(lab.name());
    lab.host().nics().forEach(nic -> macs.reserve(nic.mac()));
    lab.domains().forEach(d -> d.vifs().forEach(vif -> macs.reserve(vif.mac())));
    lab.outside().forEach(host -> macs.reserve(host.mac()));
  }

  /** VLANs that cannot be are reported by whoever validates the lab. */
  private static Optional<VlanLayout> vlans(ScriptCall call) {
    try {
      return VlanLayout.of(call);
    } catch (RefusedException wrong) {
      return Optional.empty();
    }
  }

  public static Topology plan(Lab lab) {
    return new TopologyPlanner(lab).topology();
  }

  private Topology topology() {
    Set<String> wires = new LinkedHashSet<>();
    lab.host().nics().forEach(nic -> wires.add(nic.wire()));
    lab.outside().forEach(host -> wires.add(host.wire()));
    List<Vif> vifs = vifs();
    List<Station> stations = new ArrayList<>();
    stations.add(dom0(vifs));
    lab.domains().forEach(domain -> stations.add(domain(domain, vifs)));
    lab.outside().forEach(host -> stations.add(outside(host)));
    return new Topology(
        lab, List.copyOf(wires), layout, vlans, List.copyOf(stations), vifs, Map.copyOf(nicMacs));
  }

  private Station dom0(List<Vif> vifs) {
    List<Interface> interfaces = new ArrayList<>();
    for (Host.Nic nic : lab.host().nics()) {
      MacAddress mac = macs.hardware(nic.mac(), "dom0/" + nic.name());
      nicMacs.put(nic.name(), mac);
      interfaces.add(
          new Interface(Lab.DOM0, nic.name(), mac, nic.settings(), nic.wire(), nic.at()));
    }
    lab.host().bridges().forEach(bridge -> onBridge(bridge, interfaces));
    vifs.stream().filter(Vif::isRouted).map(TopologyPlanner::router).forEach(interfaces::add);
    return new Station(Lab.DOM0, Station.Kind.DOM0, List.copyOf(interfaces), false);
  }

  private static Interface router(Vif vif) {
    return new Interface(
        Lab.DOM0, vif.device(), MacAddress.VIF, RouterSide.dom0(vif), vif.bornAs(), vif.at());
  }

  /** Adds what dom0 has on a bridge: to the device of that name, or as one more interface. */
  private void onBridge(Host.Bridge bridge, List<Interface> interfaces) {
    for (int i = 0; i < interfaces.size(); i++) {
      Interface other = interfaces.get(i);
      if (other.device().equals(bridge.name())) {
        Settings both = other.settings().with(bridge.settings());
        interfaces.set(
            i,
            new Interface(
                Lab.DOM0, other.device(), other.mac(), both, other.segment(), other.at()));
        return;
      }
    }
    interfaces.add(
        new Interface(
            Lab.DOM0,
            bridge.name(),
            bridgeMac(bridge.name(), interfaces),
            bridge.settings(),
            segment(bridge.name()),
            bridge.at()));
  }

  /** A bridge has its NIC's MAC: its other ports' are the highest there is. */
  private MacAddress bridgeMac(String bridge, List<Interface> interfaces) {
    Optional<String> tagged =
        vlans.filter(made -> made.vlanOf(bridge).isPresent()).map(made -> made.nic().netdev());
    return interfaces.stream()
        .filter(i -> i.segment().equals(segment(bridge)) || tagged.equals(Optional.of(i.device())))
        .findFirst()
        .map(Interface::mac)
        .orElseGet(() -> macs.hardware(Optional.empty(), "dom0/" + bridge));
  }

  private Station domain(Domain domain, List<Vif> vifs) {
    List<Interface> interfaces = new ArrayList<>();
    for (Vif vif : vifs) {
      if (vif.domain().equals(domain.name())) {
        interfaces.add(guest(domain, vif));
        domain.interfaces().stream()
            .filter(i -> i.index() == vif.handle() && i.vlan().isPresent())
            .forEach(i -> interfaces.add(tagged(domain, vif, i)));
      }
    }
    return new Station(
        domain.name(), Station.Kind.DOMAIN, List.copyOf(interfaces), domain.forwards());
  }

  private Interface tagged(Domain domain, Vif vif, Domain.Interface guest) {
    VlanId vlan = guest.vlan().orElseThrow();
    return new Interface(
        domain.name(),
        guest.device(),
        vif.mac(),
        guest.settings(),
        vlans.flatMap(made -> segment(made, vlan)).orElse("VLAN " + vlan + " of " + vif.bridge()),
        guest.vlan(),
        guest.at());
  }

  private Interface guest(Domain domain, Vif vif) {
    Settings settings =
        domain.interfaces().stream()
            .filter(i -> i.index() == vif.handle() && i.vlan().isEmpty())
            .findFirst()
            .map(Domain.Interface::settings)
            .map(own -> own.leased() ? RouterSide.leased(vif).with(own) : own)
            .orElseGet(() -> RouterSide.guest(vif));
    String segment = vif.isRouted() ? vif.bornAs() : segment(vif.bridge());
    return new Interface(
        domain.name(), "eth" + vif.handle(), vif.mac(), settings, segment, vif.at());
  }

  private Station outside(OutsideHost host) {
    List<Interface> interfaces = new ArrayList<>();
    Interface eth0 =
        new Interface(
            host.name(),
            "eth0",
            macs.hardware(host.mac(), host.name()),
            host.settings(),
            host.wire(),
            host.at());
    interfaces.add(eth0);
    host.vlans().forEach(vlan -> interfaces.add(tagged(eth0, vlan, host.wire())));
    return new Station(host.name(), Station.Kind.OUTSIDE, List.copyOf(interfaces), false);
  }

  private static Interface tagged(Interface eth0, OutsideHost.Vlan vlan, String wire) {
    return new Interface(
        eth0.station(),
        eth0.device() + "." + vlan.id(),
        eth0.mac(),
        vlan.settings(),
        VlanLayout.segment(wire, vlan.id()),
        Optional.of(vlan.id()),
        vlan.at());
  }

  private List<Vif> vifs() {
    List<Vif> vifs = new ArrayList<>();
    int domid = 1;
    for (Domain domain : lab.domains()) {
      int handle = 0;
      for (VifLine line : domain.vifs()) {
        vifs.add(vif(domain, domid, handle++, line));
      }
      domid++;
    }
    return List.copyOf(vifs);
  }

  private Vif vif(Domain domain, int domid, int handle, VifLine line) {
    return new Vif(
        domain.name(),
        domid,
        handle,
        bridge(line),
        macs.vif(line.mac(), domain.name() + "/vif" + handle),
        line.ip(),
        line.rate(),
        line.vifname().map(Located::value),
        line.vlan().map(Located::value),
        line.mtu(),
        line.script().orElse(lab.vifScript()),
        line.at());
  }

  /** Of a vif that may use VLANs, the one of its untagged side. */
  private String bridge(VifLine line) {
    String asked = line.bridge().map(Located::value).orElse(defaultBridge());
    return line.vlan()
        .map(vlan -> vlan.value().grant().untagged())
        .flatMap(untagged -> vlans.flatMap(made -> made.bridgeOf(untagged)))
        .orElse(asked);
  }

  /** xl's default is xenbr0; where the network script makes one bridge, that one is meant. */
  private String defaultBridge() {
    return layout.map(BridgeLayout::bridge).orElse("xenbr0");
  }

  /** A bridge belongs to the wire of the NIC that is its port. */
  private String segment(String bridge) {
    return layout
        .filter(made -> made.bridge().equals(bridge))
        .flatMap(made -> wireOf(made.nic()))
        .or(() -> vlans.flatMap(made -> segment(made, bridge)))
        .orElse("bridge " + bridge);
  }

  private Optional<String> segment(VlanLayout made, String bridge) {
    return made.vlanOf(bridge).flatMap(vlan -> segment(made, vlan));
  }

  private Optional<String> segment(VlanLayout made, VlanId vlan) {
    return wireOf(made.nic().netdev()).map(wire -> VlanLayout.segment(wire, vlan));
  }

  private Optional<String> wireOf(String nic) {
    return lab.host().nics().stream()
        .filter(one -> one.name().equals(nic))
        .findFirst()
        .map(Host.Nic::wire);
  }
}
