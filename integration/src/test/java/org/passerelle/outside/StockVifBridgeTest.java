package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Extent;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

/**
 * Debian's vif-bridge and ours, in two equal hosts: exit codes, links, addresses, routes, settings,
 * nftables and every node of XenStore are the same, or differ as {@link Deviation} has it.
 */
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.BRIDGE,
  Capability.IPROUTE2,
  Capability.NFT
})
class StockVifBridgeTest {
  private static final int SCENARIOS = Extent.of(60, 300);
  private static final int OF_EACH = 4;

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir private Path directory;
  private final AtomicInteger hosts = new AtomicInteger();
  private ScriptInstallation installation;
  private StockScripts stock;

  @BeforeEach
  void install() {
    stock = StockScripts.find();
    installation = ScriptInstallation.in(directory.resolve("installed"));
  }

  @Test
  void oursDoesAsTheOriginalDoes() {
    Set<Deviation> seen = EnumSet.noneOf(Deviation.class);
    List<String> unexplained = new ArrayList<>();
    List<VifScenario> scenarios = scenarios();
    for (VifScenario scenario : scenarios) {
      unexplained.addAll(unexplained(scenario, stock, seen));
      end();
    }
    System.out.printf(
        "vif-bridge and the original: %d scenarios, %d kinds of deviation seen%n",
        scenarios.size(), seen.size());
    assertThat(unexplained).isEmpty();
    assertThat(seen).as("deviations, each of which is seen").containsExactly(Deviation.values());
  }

  /** So many, and of those with a deviation some more until there are a few of each. */
  private static List<VifScenario> scenarios() {
    List<VifScenario> scenarios = new ArrayList<>();
    for (long seed = 1; seed <= SCENARIOS; seed++) {
      scenarios.add(VifScenario.of(seed));
    }
    for (Deviation one : Deviation.values()) {
      long there = scenarios.stream().filter(one::applies).count();
      LongStream.iterate(SCENARIOS + 1, seed -> seed + 1)
          .mapToObj(VifScenario::of)
          .filter(one::applies)
          .limit(Math.max(0, OF_EACH - there))
          .forEach(scenarios::add);
    }
    return scenarios;
  }

  /** The judge is judged: an original that does a little less is told from ours. */
  @Test
  void anOriginalWithOneLineChangedIsNotTheSame() {
    assertThat(firstDifferences("xen-network-common.sh", "address fe:ff:ff:ff:ff:ff", ":"))
        .anyMatch(line -> line.contains(" address = "));
    assertThat(firstDifferences("xen-network-common.sh", "    ip link set dev ${dev} up", "    :"))
        .anyMatch(line -> line.contains(" operstate = "));
    assertThat(firstDifferences("xen-hotplug-common.sh", "/hotplug-status\" connected", ":"))
        .anyMatch(line -> line.contains("/hotplug-status"));
  }

  private List<String> firstDifferences(String file, String part, String line) {
    StockScripts changed =
        stock.changed(directory.resolve("changed" + hosts.incrementAndGet()), file, part, line);
    List<String> differences = List.of();
    for (long seed = 1; seed <= SCENARIOS && differences.isEmpty(); seed++) {
      differences = unexplained(VifScenario.of(seed), changed, EnumSet.noneOf(Deviation.class));
      end();
    }
    return differences;
  }

  @Test
  void eachDeviationHasItsReason() throws IOException {
    String reasons = Files.readString(Path.of("..", "scripts", "DEVIATIONS.md"));
    assertThat(
            reasons.lines().filter(line -> line.startsWith("### ")).map(line -> line.substring(4)))
        .containsExactlyElementsOf(Arrays.stream(Deviation.values()).map(Enum::name).toList());
  }

  private List<String> unexplained(VifScenario scenario, StockScripts stock, Set<Deviation> seen) {
    Set<Deviation> deviations = EnumSet.noneOf(Deviation.class);
    VifScenario instead = scenario;
    for (Deviation one : Deviation.values()) {
      if (one.applies(instead)) {
        deviations.add(one);
        instead = one.instead(instead);
      }
    }
    HostState theirs = outcome(instead, stock::start);
    for (Deviation one : deviations) {
      HostState expected = new HostState(one.expected(scenario, theirs.lines()));
      if (!expected.equals(theirs)) {
        seen.add(one);
      }
      theirs = expected;
    }
    return unexplained(
        theirs.differencesFrom(outcome(scenario, Dom0::script)), scenario, deviations, seen);
  }

  private static List<String> unexplained(
      List<String> differences,
      VifScenario scenario,
      Set<Deviation> deviations,
      Set<Deviation> seen) {
    List<String> unexplained = new ArrayList<>();
    for (String difference : differences) {
      List<Deviation> reasons =
          deviations.stream().filter(one -> one.explains(difference)).toList();
      seen.addAll(reasons);
      if (reasons.isEmpty() && !difference.startsWith("the same in another order")) {
        unexplained.add(difference);
      }
    }
    if (!unexplained.isEmpty()) {
      unexplained.addFirst("in " + scenario + " with " + deviations + ":");
    }
    return unexplained;
  }

  private HostState outcome(VifScenario scenario, BiFunction<Dom0, List<String>, Process> start) {
    Dom0 dom0 =
        new Dom0(namespaces, installation, directory.resolve("host" + hosts.incrementAndGet()));
    try (dom0) {
      return VifOutcome.of(scenario, dom0, words -> start.apply(dom0, words));
    }
  }

  /** What was made for a scenario goes before the next. */
  private void end() {
    namespaces.afterEach(null);
  }
}
