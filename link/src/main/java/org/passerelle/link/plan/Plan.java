package org.passerelle.link.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Steps in order, made by pure code from a {@link Host}; nothing has happened yet. */
public record Plan(List<Step> steps) {
  private static final int COLUMN = 60;

  public Plan {
    steps = List.copyOf(steps);
  }

  public boolean isEmpty() {
    return steps.isEmpty();
  }

  /** Whose configuration it changes. */
  public Set<String> devices() {
    return Devices.of(steps.stream().map(Step::operation).toList());
  }

  /** One line a step: the command of iproute2 that does the same, and the reason as a comment. */
  public List<String> lines() {
    return steps.stream()
        .map(step -> pad(step.operation().command()) + "  # " + step.reason())
        .toList();
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
