package org.passerelle.lab.validate;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.passerelle.lab.model.Lab;
import org.passerelle.lab.model.Problems;
import org.passerelle.lab.model.ScriptCall;
import org.passerelle.lab.model.Suggestion;
import org.passerelle.lab.topology.Topology;
import org.passerelle.lab.topology.Vif;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.natroute.GuestServices;
import org.passerelle.scripts.ScriptName;

/**
 * The scripts' words mean something to them, and the vifs' scripts go with the network's. What the
 * scripts would refuse is refused here, before anything is made.
 */
final class ScriptRules {
  private static final Set<String> ROUTERS = Set.of("network-nat", "network-route");

  private static final List<String> ANSWERS = List.of("yes", "no");

  private final Topology topology;
  private final Lab lab;
  private final Problems problems;

  ScriptRules(Topology topology, Problems problems) {
    this.topology = topology;
    this.lab = topology.lab();
    this.problems = problems;
  }

  void check() {
    lab.networkScript().ifPresent(this::words);
    words(lab.vifScript());
    for (Vif vif : topology.vifs()) {
      words(vif.script());
      company(vif.script());
    }
  }

  /** Whether it can be known what the network script makes. */
  boolean areKnown() {
    return lab.networkScript().stream().allMatch(call -> ScriptName.of(call.name()).isPresent());
  }

  /** Whether no vif's script needs another network script than that of this lab. */
  boolean goTogether() {
    return topology.vifs().stream().noneMatch(vif -> isWithoutBridge(vif.script()));
  }

  private void words(ScriptCall call) {
    List<String> known = ScriptName.of(call.name()).map(ScriptName::takes).orElse(List.of());
    Stream<String> keys = call.arguments().stream().filter(word -> word.indexOf('=') > 0);
    keys.map(word -> word.substring(0, word.indexOf('=')))
        .filter(key -> !known.isEmpty() && !known.contains(key))
        .forEach(
            key ->
                problems.error(
                    call.at(),
                    key + ": no such word of " + call.name() + "; " + Suggestion.of(key, known)));
    known.forEach(key -> call.argument(key).ifPresent(value -> value(call, key, value)));
  }

  private void value(ScriptCall call, String key, String value) {
    switch (key) {
      case "generation" -> {
        if (!value.equals("netloop")) {
          problems.unsupported(call.at(), "generation=" + value);
        }
      }
      case "dhcp", "antispoof", "ipv6" -> {
        if (!ANSWERS.contains(value)) {
          problems.error(call.at(), key + "=" + value + ": neither yes nor no" + meant(value));
        }
      }
      case "switching" -> refused(call, () -> Lab.Switching.of(value));
      case "services" -> refused(call, () -> GuestServices.parse(value));
      default -> {}
    }
  }

  private static String meant(String value) {
    return Suggestion.nearest(value, ANSWERS).map(near -> "; write " + near).orElse("");
  }

  private void refused(ScriptCall call, Runnable reading) {
    try {
      reading.run();
    } catch (IllegalArgumentException | RefusedException e) {
      problems.error(call.at(), e.getMessage());
    }
  }

  private void company(ScriptCall vif) {
    Optional<String> network = lab.networkScript().map(ScriptCall::name);
    if (isWithoutBridge(vif)) {
      String right = network.orElseThrow().replace("network-", "vif-");
      problems.error(
          vif.at(),
          "%s: %s makes no bridge for it; `vif-script: %s` goes with it"
              .formatted(vif.name(), network.orElseThrow(), right));
    } else if (vif.name().equals("vif-nat") && isNone(network, Set.of("network-nat"))
        || vif.name().equals("vif-route") && isNone(network, ROUTERS)) {
      problems.warning(
          vif.at(),
          "%s: %s does not lead its guests outside; `network-script: %s` does"
              .formatted(
                  vif.name(), network.orElseThrow(), vif.name().replace("vif-", "network-")));
    }
  }

  private static boolean isNone(Optional<String> network, Set<String> those) {
    return network.filter(name -> !those.contains(name)).isPresent();
  }

  private boolean isWithoutBridge(ScriptCall vif) {
    return vif.name().equals("vif-bridge")
        && lab.networkScript().filter(call -> ROUTERS.contains(call.name())).isPresent();
  }
}
