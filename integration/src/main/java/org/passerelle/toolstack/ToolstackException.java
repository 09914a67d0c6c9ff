package org.passerelle.toolstack;

/** A device could not be attached or detached: which, at what step, and why. */
public final class ToolstackException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ToolstackException(String message) {
    super(message);
  }
}
