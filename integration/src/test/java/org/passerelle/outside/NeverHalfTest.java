package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Extent;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

/**
 * The scripts, run by their launchers, killed from outside at call after call, and each call
 * failing in turn: what is left is the state before or the one wanted. In full at every call of the
 * acting thread from the first journal write on. Otherwise killed once in each state that journal,
 * kernel or store is ever in: on entering each call that changes one of them, and the last call;
 * and failing at each call that changes one, and at some of those that ask.
 */
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.BRIDGE,
  Capability.IPROUTE2,
  Capability.NFT,
  Capability.STRACE
})
class NeverHalfTest {
  /** So many of the calls that only ask fail in a run that is not the full one. */
  private static final int QUESTIONS = 12;

  /** One in so many calls may not come again at its number, as threads take turns. */
  private static final int MOST_LOST = 20;

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir private Path directory;
  private final AtomicInteger hosts = new AtomicInteger();
  private ScriptInstallation installation;

  @BeforeEach
  void install() {
    installation = ScriptInstallation.in(directory.resolve("installed"));
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void killed(ScriptCase script) throws Exception {
    Sweep sweep = sweep(script, Harm.KILL);
    List<SystemCall> calls = Extent.isFull() ? sweep.calls() : oneInEachState(sweep.calls());
    judge(script + " killed", calls, sweep);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void failing(ScriptCase script) throws Exception {
    Sweep sweep = sweep(script, Harm.FAIL);
    List<SystemCall> calls =
        ofConsequence(sweep.calls()).stream()
            .filter(call -> !call.name().matches("close|fcntl|fstat|statx|exit_group"))
            .toList();
    judge(script + " failing", Extent.isFull() ? calls : changesAndSome(calls), sweep);
  }

  private Sweep sweep(ScriptCase script, Harm harm) {
    return new Sweep(script, harm, () -> host(script));
  }

  private Dom0 host(ScriptCase script) {
    Dom0 dom0 =
        new Dom0(namespaces, installation, directory.resolve("host" + hosts.incrementAndGet()));
    script.prepare(dom0);
    return dom0;
  }

  private static List<SystemCall> ofConsequence(List<SystemCall> calls) {
    return calls.stream().filter(SystemCall::isOfConsequence).toList();
  }

  /**
   * A thread that is killed on entering a call has changed what those before it did. What follows
   * the last call of consequence is the virtual machine's, and not the same in each run.
   */
  private static List<SystemCall> oneInEachState(List<SystemCall> calls) {
    SystemCall last = ofConsequence(calls).getLast();
    return calls.stream().filter(call -> call.isChange() || call == last).toList();
  }

  private static List<SystemCall> changesAndSome(List<SystemCall> calls) {
    List<SystemCall> chosen = new ArrayList<>(calls.stream().filter(SystemCall::isChange).toList());
    chosen.addAll(some(calls.stream().filter(call -> !call.isChange()).toList(), QUESTIONS));
    return chosen;
  }

  /** Evenly spread, the first and the last among them. */
  private static List<SystemCall> some(List<SystemCall> calls, int count) {
    List<SystemCall> some = new ArrayList<>();
    int most = Math.min(count, calls.size());
    for (int i = 0; i < most; i++) {
      some.add(calls.get((int) ((long) i * (calls.size() - 1) / Math.max(1, most - 1))));
    }
    return some;
  }

  private static void judge(String what, List<SystemCall> calls, Sweep sweep) throws Exception {
    List<Sweep.Verdict> verdicts = sweep.at(calls);
    List<Sweep.Verdict> faulty = verdicts.stream().filter(one -> !one.faults().isEmpty()).toList();
    System.out.println(summary(what, calls, sweep, verdicts, faulty.size()));
    assertThat(faulty).isEmpty();
    List<SystemCall> lost = new ArrayList<>(calls);
    verdicts.forEach(verdict -> lost.remove(verdict.call()));
    assertThat(lost)
        .as("calls of %d that did not come again", calls.size())
        .hasSizeLessThanOrEqualTo(calls.size() / MOST_LOST);
  }

  private static String summary(
      String what, List<SystemCall> calls, Sweep sweep, List<Sweep.Verdict> verdicts, int faulty) {
    long done = verdicts.stream().filter(Sweep.Verdict::isDone).count();
    double[] seconds = verdicts.stream().mapToDouble(Sweep.Verdict::seconds).sorted().toArray();
    return String.format(
        Locale.ROOT,
        "%s: %d of %d whole (%d as wanted, the others as before), at %d of %d calls, %d of which"
            + " change something; %d did not come again at that number; the launcher ended %.2f s"
            + " later at the median, %.2f s at most",
        what,
        verdicts.size() - faulty,
        verdicts.size(),
        done,
        calls.size(),
        sweep.calls().size(),
        sweep.calls().stream().filter(SystemCall::isChange).count(),
        calls.size() - verdicts.size(),
        seconds[seconds.length / 2],
        seconds[seconds.length - 1]);
  }
}
