package org.passerelle.link.plan;

/** An operation of a plan, and why. */
public record Step(Operation operation, String reason) {

  @Override
  public String toString() {
    return operation.command() + "  # " + reason;
  }
}
