package org.passerelle.scripts;

import java.io.UncheckedIOException;
import java.util.List;
import org.passerelle.link.list.Lists;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanException;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.rtnl.KernelException;

/** What the scripts of other modes than this one's may have left of a vif. */
final class OtherModes {
  private final VifRun run;
  private final List<Leftover> all;

  OtherModes(VifRun run, Leftover... all) {
    this.run = run;
    this.all = List.of(all);
  }

  /** What goes before anything is made of the vif. */
  Plan plan(Host host) {
    Plan plan = Plan.NONE;
    for (Leftover one : all) {
      if (one.isThere(host)) {
        plan = plan.then(one.without(host));
      }
    }
    return plan;
  }

  /**
   * Attaches the vif.
   *
   * @param task whose plan begins with {@link #plan}
   */
  void whileLeaving(Runnable task) {
    boolean inTable = Lists.any(all, one -> one.isInTable() && one.isThere(run.host()));
    if (inTable) {
      run.whileTableStays(task);
    } else {
      task.run();
    }
    if (!run.arguments().dryRun()) {
      all.forEach(Leftover::forget);
    }
  }

  /** Takes all back of a vif that is released, and stays so when a plan for this fails. */
  void release() {
    all.forEach(this::release);
  }

  private void release(Leftover one) {
    try {
      OtherModes alone = new OtherModes(run, one);
      alone.whileLeaving(() -> run.carryOut(alone.plan(run.host())));
    } catch (KernelException
        | PlanException
        | RefusedException
        | ScriptException
        | UncheckedIOException e) {
      run.warn(
          "the vif is released, and "
              + one.words()
              + " until the vif's name is used again: "
              + Failures.line(e));
    }
  }
}
