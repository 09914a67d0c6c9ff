package org.passerelle.link.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.passerelle.link.list.Lists;

/** Steps in order, made by pure code from a {@link Host}; nothing has happened yet. */
public record Plan(List<Step> steps) {
  /** Nothing is to be done. */
  public static final Plan NONE = new Plan(List.of());

  private static final int COLUMN = 60;

  public Plan {
    steps = List.copyOf(steps);
  }

  public boolean isEmpty() {
    return steps.isEmpty();
  }

  /** This one, then another. */
  public Plan then(Plan next) {
    return new Plan(Lists.concat(steps, next.steps));
  }

  /**
   * With other steps before the one that does this; at the end when none does. Commands are
   * compared: to compare records makes classes at run time, which takes 6 ms.
   */
  public Plan with(Plan others, Operation before) {
    List<Step> all = new ArrayList<>(steps);
    String command = before.command();
    int at = Lists.map(steps, step -> step.operation().command()).indexOf(command);
    all.addAll(at < 0 ? steps.size() : at, others.steps);
    return new Plan(all);
  }

  /** Whose configuration it changes. */
  public Set<String> devices() {
    return Devices.of(Lists.map(steps, Step::operation));
  }

  /** One line a step: the command of iproute2 that does the same, and the reason as a comment. */
  public List<String> lines() {
    return Lists.map(steps, step -> pad(step.operation().command()) + "  # " + step.reason());
  }

  private static String pad(String command) {
    return command + " ".repeat(Math.max(0, COLUMN - command.length()));
  }

  /** Collects steps. */
  public static final class Builder {
    private final List<Step> steps = new ArrayList<>();

    public Builder add(Operation operation, String reason) {
      steps.add(new Step(operation, reason));
      return this;
    }

    public Builder add(Step step) {
      steps.add(step);
      return this;
    }

    public Plan build() {
      return new Plan(steps);
    }
  }
}
