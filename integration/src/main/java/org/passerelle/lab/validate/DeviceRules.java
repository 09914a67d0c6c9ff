package org.passerelle.lab.validate;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.passerelle.lab.model.Host;
import org.passerelle.lab.model.Lab;
import org.passerelle.lab.model.Position;
import org.passerelle.lab.model.Problems;
import org.passerelle.lab.model.ScriptCall;
import org.passerelle.lab.topology.BridgeLayout;
import org.passerelle.lab.topology.Topology;
import org.passerelle.lab.topology.Vif;

/** The devices of dom0 can be had, each name once, and vifs go to bridges that somebody makes. */
final class DeviceRules {
  private final Topology topology;
  private final Lab lab;
  private final Problems problems;
  private final Map<String, String> owners = new HashMap<>();

  DeviceRules(Topology topology, Problems problems) {
    this.topology = topology;
    this.lab = topology.lab();
    this.problems = problems;
  }

  void check() {
    owners.put("lo", "the loopback device");
    for (Host.Nic nic : lab.host().nics()) {
      claim(nic.name(), "a NIC", nic.at());
    }
    topology.layout().ifPresent(this::layout);
    lab.networkScript().ifPresent(this::arguments);
    arguments(lab.vifScript());
    for (Vif vif : topology.vifs()) {
      bridge(vif);
      arguments(vif.script());
      claim(vif.device(), "the vif of " + vif.domain(), vif.at());
    }
    lab.host().bridges().forEach(this::hostBridge);
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
    Set<String> nics = Set.copyOf(lab.host().nics().stream().map(Host.Nic::name).toList());
    if (!nics.contains(made.nic())) {
      problems.error(
          at,
          made.nic()
              + ": network-bridge bridges this NIC, which dom0 does not have; add it to host.nics"
              + " or name another with netdev="
              + String.join(" or netdev=", nics.stream().sorted().toList()));
    }
    claim(made.physical(), "the bridged NIC", at);
    claim(made.bridge(), "the bridge of network-bridge", at);
    claim(made.port(), "dom0's own port of the bridge", at);
    made.spare().forEach(name -> claim(name, "a spare pair of network-bridge", at));
  }

  /** What the scripts refuse is refused here, before anything is made. */
  private void arguments(ScriptCall call) {
    call.argument("generation")
        .filter(word -> !word.equals("netloop"))
        .ifPresent(word -> problems.unsupported(call.at(), "generation=" + word));
    Optional<String> antispoof = call.argument("antispoof").filter(word -> !word.equals("no"));
    if (antispoof.isPresent() && antispoof.get().equals("yes")) {
      problems.unsupported(call.at(), "antispoof=yes");
    } else if (antispoof.isPresent()) {
      problems.error(call.at(), "antispoof=" + antispoof.get() + ": neither yes nor no");
    }
  }

  private void bridge(Vif vif) {
    if (!isMade(vif.bridge())) {
      problems.error(vif.at(), vif.bridge() + ": nothing makes this bridge; " + whatIsMade());
    }
  }

  private void hostBridge(Host.Bridge bridge) {
    if (!isMade(bridge.name())) {
      problems.error(bridge.at(), bridge.name() + ": nothing makes this bridge; " + whatIsMade());
    }
  }

  private boolean isMade(String bridge) {
    return topology.layout().filter(made -> made.bridge().equals(bridge)).isPresent();
  }

  private String whatIsMade() {
    return topology
        .layout()
        .map(made -> "network-bridge makes " + made.bridge())
        .orElse("`network-script: network-bridge` would make xenbr0");
  }
}
