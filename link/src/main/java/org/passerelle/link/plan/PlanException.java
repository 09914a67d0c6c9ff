package org.passerelle.link.plan;

import java.util.List;

/**
 * A plan was not carried out, and what had been done of it was undone. The message names the step
 * and the cause; {@link #troubles} what could not be undone.
 */
public final class PlanException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> troubles;

  private PlanException(String message, Throwable cause, List<String> troubles) {
    super(message, cause);
    this.troubles = List.copyOf(troubles);
  }

  static PlanException failed(Step step, RuntimeException cause, List<String> troubles) {
    return new PlanException(
        cause.getMessage() + "; it was the step \"" + step.reason() + "\"" + outcome(troubles),
        cause,
        troubles);
  }

  static PlanException unconcluded(RuntimeException cause, List<String> troubles) {
    return new PlanException(cause.getMessage() + outcome(troubles), cause, troubles);
  }

  static PlanException stopped(String where, List<String> troubles) {
    return new PlanException("stopped " + where + outcome(troubles), null, troubles);
  }

  private static String outcome(List<String> troubles) {
    return troubles.isEmpty()
        ? "; everything is as before"
        : "; not everything could be undone, do by hand: " + String.join("; ", troubles);
  }

  /**
   * Undos that failed, each as the command that would do it and the cause; empty: all is undone.
   */
  public List<String> troubles() {
    return troubles;
  }
}
