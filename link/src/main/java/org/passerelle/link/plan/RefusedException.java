package org.passerelle.link.plan;

/**
 * The host is not in a state to take what was asked for; nothing was done. The message is complete:
 * what is in the way, and what to do about it.
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RefusedException(String message) {
    super(message);
  }
}
