package org.passerelle.scripts;

import java.util.List;
import org.passerelle.link.list.Lists;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.link.plan.RunMark;
import org.passerelle.natroute.Ipv6Way;

/** The ways of IPv6 to a vif's guest, which a mark holds from before there may be some. */
record VifWays(VifRun run, RunMark mark) implements Leftover {
  VifWays(VifRun run) {
    this(run, run.waysMark());
  }

  List<Ipv6Way> known() {
    return Lists.map(Lists.lines(mark.word()), Ipv6Way::parse);
  }

  /** Makes these, and leaves no other. */
  void whileMaking(List<Ipv6Way> wanted, Runnable task) {
    List<Ipv6Way> before = known();
    if (run.arguments().dryRun() || wanted.isEmpty() && before.isEmpty()) {
      task.run();
      return;
    }
    set(Lists.concat(before, wanted));
    task.run();
    if (wanted.isEmpty()) {
      forget();
    } else {
      set(wanted);
    }
  }

  private void set(List<Ipv6Way> ways) {
    mark.set(String.join("\n", Lists.distinct(Lists.map(ways, Ipv6Way::text))));
  }

  @Override
  public boolean isThere(Host host) {
    return mark.isSet();
  }

  /** Routes go with the vif's going down. */
  @Override
  public Plan without(Host host) {
    PlanSteps steps = new PlanSteps(host);
    Ipv6Way.unanswer(steps, known());
    return steps.build();
  }

  @Override
  public void forget() {
    mark.remove();
  }

  @Override
  public String words() {
    return "dom0 may answer for its guest by IPv6";
  }
}
