package org.passerelle.lab.validate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.passerelle.lab.model.Domain;
import org.passerelle.lab.model.Host;
import org.passerelle.lab.model.Lab;
import org.passerelle.lab.model.Position;
import org.passerelle.lab.model.Problems;
import org.passerelle.lab.model.ScriptCall;
import org.passerelle.lab.topology.BridgeLayout;
import org.passerelle.lab.topology.Topology;
import org.passerelle.lab.topology.Vif;
import org.passerelle.lab.topology.VlanLayout;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.wire.VlanId;
import org.passerelle.vlan.VlanBridge;
import org.passerelle.vlan.VlanGrant;

/** The devices of dom0 can be had, each name once, and vifs go to bridges that somebody makes. */
final class DeviceRules {
  private final Topology topology;
  private final Lab lab;
  private final Problems problems;
  private final Map<String, String> owners = new HashMap<>();

  /** Or each vif would seem to go to a bridge that nobody makes. */
  private boolean bridgesAreKnown;

  /**
   * Finds what is wrong with devices.
   *
   * @param scripts what is wrong with the scripts, which is said already
   */
  DeviceRules(Topology topology, Problems problems, ScriptRules scripts) {
    this.topology = topology;
    this.lab = topology.lab();
    this.problems = problems;
    this.bridgesAreKnown = scripts.areKnown() && scripts.goTogether();
  }

  void check() {
    owners.put("lo", "the loopback device");
    for (Host.Nic nic : lab.host().nics()) {
      claim(nic.name(), "a NIC", nic.at());
    }
    topology.layout().ifPresent(this::layout);
    lab.networkScript().ifPresent(this::vlans);
    lab.networkScript().ifPresent(this::uplink);
    for (Vif vif : topology.vifs()) {
      attachment(vif);
      vif.vlan().ifPresent(vlan -> granted(vif, vlan.grant()));
      claim(vif.device(), "the vif of " + vif.domain(), vif.at());
    }
    lab.host().bridges().forEach(this::hostBridge);
    for (Domain domain : lab.domains()) {
      domain.interfaces().forEach(guest -> leases(domain, guest));
    }
  }

  private void claim(String device, String owner, Position at) {
    String earlier = owners.putIfAbsent(device, owner);
    if (earlier != null) {
      problems.error(
          at, device + ": this name in dom0 belongs to " + earlier + "; it cannot be " + owner);
    }
  }

  private void layout(BridgeLayout made) {
    Position at = lab.networkScript().orElseThrow().at();
    nic(made.nic(), at);
    claim(made.physical(), "the bridged NIC", at);
    claim(made.bridge(), "the bridge of network-bridge", at);
    claim(made.port(), "dom0's own port of the bridge", at);
    made.spare().forEach(name -> claim(name, "a spare pair of network-bridge", at));
  }

  private void uplink(ScriptCall call) {
    if (call.name().equals("network-nat") || call.name().equals("network-route")) {
      nic(call.argument("netdev").orElse("eth0"), call.at());
    }
  }

  private void nic(String nic, Position at) {
    Set<String> nics = Set.copyOf(lab.host().nics().stream().map(Host.Nic::name).toList());
    if (!nics.contains(nic)) {
      problems.error(
          at,
          nic
              + ": "
              + lab.networkScript().orElseThrow().name()
              + " is for this NIC, which dom0 does not have; add it to"
              + " host.nics or name another with netdev="
              + String.join(" or netdev=", nics.stream().sorted().toList()));
    }
  }

  private void vlans(ScriptCall call) {
    try {
      VlanLayout.of(call).ifPresent(made -> vlans(made, call.at()));
    } catch (RefusedException wrong) {
      problems.error(call.at(), wrong.getMessage());
      bridgesAreKnown = false;
    }
  }

  private void vlans(VlanLayout made, Position at) {
    nic(made.nic().netdev(), at);
    made.devices().forEach(name -> claim(name, "a VLAN's device or bridge", at));
    for (VlanBridge one : made.vlans()) {
      if (!Link.isValidName(one.bridge())) {
        problems.error(at, one.bridge() + ": not a device name; 1 to 15 characters");
      }
    }
  }

  /** A guest that asks by DHCP needs somebody who tells it. */
  private void leases(Domain domain, Domain.Interface guest) {
    boolean told =
        guest.vlan().isEmpty()
            && topology.vif(domain.name(), guest.index()).filter(topology::isTold).isPresent();
    if (guest.settings().leased() && !told) {
      problems.error(
          guest.at(),
          "dhcp: nobody tells "
              + domain.name()
              + "/"
              + guest.device()
              + " an address; `network-script: network-nat dhcp=yes` with `vif-script: vif-nat`"
              + " would");
    }
  }

  private void attachment(Vif vif) {
    if (!vif.isRouted() && !isMade(vif.bridge())) {
      problems.error(vif.at(), vif.bridge() + ": nothing makes this bridge; " + whatIsMade());
    }
  }

  private void granted(Vif vif, VlanGrant grant) {
    Stream<VlanId> untagged = Stream.of(grant.untagged()).filter(vlan -> vlan.number() != 1);
    Stream.concat(untagged, grant.tagged().stream())
        .filter(vlan -> bridgesAreKnown)
        .filter(vlan -> topology.vlans().flatMap(made -> made.bridgeOf(vlan)).isEmpty())
        .forEach(
            vlan ->
                problems.error(
                    vif.at(),
                    "VLAN "
                        + vlan
                        + ": nothing makes its bridge; `network-script: network-multi-vlan vlans="
                        + vlan
                        + "` would"));
  }

  private void hostBridge(Host.Bridge bridge) {
    if (!isMade(bridge.name())) {
      problems.error(bridge.at(), bridge.name() + ": nothing makes this bridge; " + whatIsMade());
    }
  }

  private boolean isMade(String bridge) {
    return !bridgesAreKnown || made().contains(bridge);
  }

  /** The bridges that the network script makes. */
  private List<String> made() {
    return Stream.concat(
            topology.layout().map(BridgeLayout::bridge).stream(),
            topology.vlans().stream().flatMap(l -> l.vlans().stream()).map(VlanBridge::bridge))
        .toList();
  }

  private String whatIsMade() {
    return made().isEmpty()
        ? "`network-script: network-bridge` would make xenbr0"
        : lab.networkScript().orElseThrow().name() + " makes " + String.join(", ", made());
  }
}
