package org.passerelle.link.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Journal;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanException;
import org.passerelle.link.plan.Recovery;
import org.passerelle.link.plan.Transaction;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.Refusal;

/**
 * Carries a plan out again and again on equal hosts: each step refused in turn, and the process
 * killed before and after each step. The state must be the one before.
 */
public final class FaultAtEveryStep {
  private static final Journal.Key KEY = new Journal.Key("boot", 1);

  private final Supplier<FakeKernel> hosts;
  private final Function<Host, Plan> planner;

  public FaultAtEveryStep(Supplier<FakeKernel> hosts, Function<Host, Plan> planner) {
    this.hosts = hosts;
    this.planner = planner;
  }

  /** Returns the number of steps that were tried. */
  public int run() {
    int steps = planner.apply(new Host(hosts.get())).steps().size();
    for (int step = 0; step < steps; step++) {
      refused(step);
      killed(step, false);
      killed(step, true);
    }
    return steps;
  }

  private void refused(int step) {
    FakeKernel kernel = hosts.get();
    Plan plan = planner.apply(new Host(kernel));
    KernelState before = KernelState.of(kernel);
    kernel.failAfter(step, Refusal.EPERM);
    Path directory = directory();
    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> apply(plan, kernel, directory))
        .withMessageEndingWith("; everything is as before");
    assertThat(before.differencesFrom(KernelState.of(kernel)))
        .as("refused: %s", plan.steps().get(step))
        .isEmpty();
    remove(directory);
  }

  private void killed(int step, boolean afterwards) {
    FakeKernel kernel = hosts.get();
    Plan plan = planner.apply(new Host(kernel));
    KernelState before = KernelState.ignoringLifetimes(kernel);
    Path directory = directory();
    Kernel dying = new KilledKernel(kernel, step, afterwards);
    assertThatExceptionOfType(KilledKernel.Killed.class)
        .isThrownBy(() -> apply(plan, dying, directory));
    List<String> report = new ArrayList<>();
    new Recovery(directory, KEY, kernel, report::add, proof -> false).run();
    assertThat(before.differencesFrom(KernelState.ignoringLifetimes(kernel)))
        .as("killed %s: %s%n%s", afterwards ? "after" : "before", plan.steps().get(step), report)
        .isEmpty();
    assertThat(report).noneMatch(line -> line.startsWith("not undone"));
    remove(directory);
  }

  /** Carries a plan out. */
  public static void apply(Plan plan, Kernel kernel) {
    Path directory = directory();
    apply(plan, kernel, directory);
    remove(directory);
  }

  private static void apply(Plan plan, Kernel kernel, Path directory) {
    try (Journal journal = new Journal(directory, KEY, "a plan")) {
      new Transaction(kernel, journal, () -> false).run(plan);
    }
  }

  private static Path directory() {
    try {
      return Scratch.directory();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void remove(Path directory) {
    try {
      Files.delete(directory);
    } catch (IOException e) {
      throw new AssertionError("a journal was left", e);
    }
  }
}
