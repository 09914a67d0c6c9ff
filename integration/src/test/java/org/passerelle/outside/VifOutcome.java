package org.passerelle.outside;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.passerelle.hypervisor.xenstore.XenStore;

/**
 * What calls of a script came to, one fact a line: how each ended, which nodes of XenStore it
 * wrote, and all that {@link HostState} and the kernel's settings say afterwards.
 */
final class VifOutcome {
  private static final String MARK = "/local/mark";

  private final Dom0 dom0;
  private final Queue<String> changed = new ConcurrentLinkedQueue<>();
  private final List<String> facts = new ArrayList<>();

  private VifOutcome(Dom0 dom0) {
    this.dom0 = dom0;
  }

  /** Makes the scenario's state in a new dom0 and calls the script as often as it says. */
  static HostState of(VifScenario scenario, Dom0 dom0, Function<List<String>, Process> start) {
    scenario.prepare(dom0);
    VifOutcome outcome = new VifOutcome(dom0);
    try (XenStore.Watch _ =
        dom0.store().watch("/local", "changes", event -> outcome.changed.add(event.path()))) {
      outcome.settle();
      outcome.changed.clear();
      for (int i = 0; i < scenario.calls().size(); i++) {
        outcome.call("call " + (i + 1), start.apply(scenario.calls().get(i)));
      }
    }
    return HostState.of(dom0).with(outcome.facts);
  }

  private void call(String name, Process script) {
    facts.add(name + " ended with " + Patience.end(script));
    settle();
    changed.stream()
        .filter(path -> !path.equals(MARK))
        .sorted()
        .forEach(path -> facts.add(name + " wrote " + path));
    changed.clear();
    facts.addAll(sysctls(name));
  }

  /** Events come in the order of the changes. */
  private void settle() {
    dom0.store().write(MARK, "");
    Patience.until(seen -> seen, () -> changed.contains(MARK));
    dom0.store().remove(MARK);
  }

  /** The settings of all devices and the defaults; those that are secret cannot be read. */
  private List<String> sysctls(String after) {
    String told =
        dom0.command(
            "sh",
            "-c",
            "cd /proc/sys/net && grep -r -s . ipv4/conf ipv6/conf ipv4/ip_forward || :");
    return told.lines().sorted().map(line -> "after " + after + " " + line).toList();
  }
}
