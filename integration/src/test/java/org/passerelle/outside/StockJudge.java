package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.passerelle.link.testing.Extent;
import org.passerelle.link.testing.TestNamespaces;

/**
 * A script of Debian's and ours, in two equal hosts, in scenarios made at random: exit codes,
 * links, addresses, routes, settings, nftables and every node of XenStore are the same, or differ
 * on purpose.
 *
 * @param <D> what differs on purpose
 */
final class StockJudge<D extends Enum<D> & OnPurpose> {
  private static final int SCENARIOS = Extent.of(60, 300);
  private static final int OF_EACH = 4;

  private final TestNamespaces namespaces;
  private final Path directory;
  private final LongFunction<VifScenario> maker;
  private final Class<D> deviations;
  private final ScriptInstallation installation;
  private final StockScripts stock = StockScripts.find();
  private int hosts;

  StockJudge(
      TestNamespaces namespaces,
      Path directory,
      LongFunction<VifScenario> maker,
      Class<D> deviations) {
    this.namespaces = namespaces;
    this.directory = directory;
    this.maker = maker;
    this.deviations = deviations;
    this.installation = ScriptInstallation.in(directory.resolve("installed"));
  }

  /** Fails where ours does otherwise without a reason, or a reason was not needed. */
  void judge(String name) {
    Set<D> seen = EnumSet.noneOf(deviations);
    List<String> unexplained = new ArrayList<>();
    List<VifScenario> scenarios = scenarios();
    for (VifScenario scenario : scenarios) {
      unexplained.addAll(unexplained(scenario, stock, seen));
      end();
    }
    System.out.printf(
        "%s and the original: %d scenarios, %d kinds of deviation seen%n",
        name, scenarios.size(), seen.size());
    assertThat(unexplained).isEmpty();
    assertThat(seen)
        .as("deviations, each of which is seen")
        .containsExactly(deviations.getEnumConstants());
  }

  /** So many, and of those with a deviation some more until there are a few of each. */
  private List<VifScenario> scenarios() {
    List<VifScenario> scenarios = new ArrayList<>();
    for (long seed = 1; seed <= SCENARIOS; seed++) {
      scenarios.add(maker.apply(seed));
    }
    for (D one : deviations.getEnumConstants()) {
      long there = scenarios.stream().filter(one::applies).count();
      LongStream.iterate(SCENARIOS + 1, seed -> seed + 1)
          .mapToObj(maker)
          .filter(one::applies)
          .limit(Math.max(0, OF_EACH - there))
          .forEach(scenarios::add);
    }
    return scenarios;
  }

  /** How ours first differs from an original in which one line is another one. */
  List<String> firstDifferences(String file, String part, String line) {
    StockScripts changed = stock.changed(directory.resolve("changed" + ++hosts), file, part, line);
    List<String> differences = List.of();
    for (long seed = 1; seed <= SCENARIOS && differences.isEmpty(); seed++) {
      differences = unexplained(maker.apply(seed), changed, EnumSet.noneOf(deviations));
      end();
    }
    return differences;
  }

  /** The names of what differs on purpose, as a part of the document has them for headings. */
  static List<String> headings(String part) {
    try {
      String all = Files.readString(Path.of("..", "scripts", "DEVIATIONS.md"));
      String from = all.substring(all.indexOf("\n## " + part + "\n") + 1);
      int end = from.indexOf("\n## ");
      return (end < 0 ? from : from.substring(0, end))
          .lines()
          .filter(line -> line.startsWith("### "))
          .map(line -> line.substring(4))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> unexplained(VifScenario scenario, StockScripts original, Set<D> seen) {
    Set<D> here = EnumSet.noneOf(deviations);
    VifScenario instead = scenario;
    for (D one : deviations.getEnumConstants()) {
      if (one.applies(instead)) {
        here.add(one);
        instead = one.instead(instead);
      }
    }
    HostState theirs = outcome(instead, original::start);
    for (D one : here) {
      HostState expected = new HostState(one.expected(scenario, theirs.lines()));
      if (!expected.equals(theirs)) {
        seen.add(one);
      }
      theirs = expected;
    }
    return unexplained(
        theirs.differencesFrom(outcome(scenario, Dom0::script)), scenario, here, seen);
  }

  private List<String> unexplained(
      List<String> differences, VifScenario scenario, Set<D> here, Set<D> seen) {
    List<String> unexplained = new ArrayList<>();
    for (String difference : differences) {
      List<D> reasons = here.stream().filter(one -> one.explains(difference)).toList();
      seen.addAll(reasons);
      if (reasons.isEmpty() && !difference.startsWith("the same in another order")) {
        unexplained.add(difference);
      }
    }
    if (!unexplained.isEmpty()) {
      unexplained.addFirst("in " + scenario + " with " + here + ":");
    }
    return unexplained;
  }

  private HostState outcome(VifScenario scenario, BiFunction<Dom0, List<String>, Process> start) {
    Dom0 dom0 = new Dom0(namespaces, installation, directory.resolve("host" + ++hosts));
    try (dom0) {
      return VifOutcome.of(scenario, dom0, words -> start.apply(dom0, words));
    }
  }

  /** What was made for a scenario goes before the next. */
  private void end() {
    namespaces.afterEach(null);
  }
}
