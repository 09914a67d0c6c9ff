package org.passerelle.link.plan;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.Link;

/**
 * Collects a plan's steps, and leaves out those that would change nothing: so a plan for a state
 * that is already there is empty.
 */
public class PlanSteps {
  private final Host host;
  private final Plan.Builder plan = new Plan.Builder();

  public PlanSteps(Host host) {
    this.host = host;
  }

  public Host host() {
    return host;
  }

  public Plan build() {
    return plan.build();
  }

  public void add(Operation operation, String reason) {
    plan.add(operation, reason);
  }

  public void add(Step step) {
    plan.add(step);
  }

  public void addAll(List<Operation> operations, String reason) {
    operations.forEach(operation -> plan.add(operation, reason));
  }

  /** Sets a property, unless a link that is there has it already. */
  public void set(SetLink set, String reason) {
    set(set, host.link(set.device()), reason);
  }

  /** Sets a property, unless {@code present}, the same link under its present name, has it. */
  public void set(SetLink set, Optional<Link> present, String reason) {
    boolean done =
        present.filter(link -> set.property().of(link, host).equals(set.value())).isPresent();
    if (!done) {
      add(set, reason);
    }
  }

  /** Sets a setting, unless it is so already, or this kernel has none of that name. */
  public void set(SetSysctl set, String reason) {
    set(set, set.present(host), reason);
  }

  /** Sets a setting, unless {@code present}, its value now, is that. */
  public void set(SetSysctl set, Optional<String> present, String reason) {
    if (present.isPresent() && !present.get().equals(set.value())) {
      add(set, reason);
    }
  }
}
