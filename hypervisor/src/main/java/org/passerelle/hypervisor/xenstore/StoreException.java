package org.passerelle.hypervisor.xenstore;

/**
 * The store refused: operation, path and XenStore's own error name, such as {@code read /tool:
 * EACCES}.
 */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String error;

  public StoreException(String operation, String error) {
    super(operation + ": " + error);
    this.error = error;
  }

  /** XenStore's error name: ENOENT, EACCES, EAGAIN, … */
  public String error() {
    return error;
  }
}
