package org.passerelle.scripts;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    return mark.word().lines().map(Ipv6Way::parse).toList();
  }

  /** Makes these, and leaves no other. */
  void whileMaking(List<Ipv6Way> wanted, Runnable task) {
    List<Ipv6Way> before = known();
    if (run.arguments().dryRun() || wanted.isEmpty() && before.isEmpty()) {
      task.run();
      return;
    }
    set(Stream.concat(before.stream(), wanted.stream()));
    task.run();
    if (wanted.isEmpty()) {
      forget();
    } else {
      set(wanted.stream());
    }
  }

  private void set(Stream<Ipv6Way> ways) {
    mark.set(ways.map(Ipv6Way::text).distinct().collect(Collectors.joining("\n")));
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
