package org.passerelle.hypervisor.memory;

/** A grant could not be mapped. Checked: it is a peer's doing, and every caller must answer it. */
public final class GrantException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  public GrantException(String message, int status) {
    super(message + " (status=" + status + ")");
    this.status = status;
  }

  /** One of {@link GrantStatus}. */
  public int status() {
    return status;
  }
}
