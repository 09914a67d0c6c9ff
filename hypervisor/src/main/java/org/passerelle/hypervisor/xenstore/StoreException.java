package org.passerelle.hypervisor.xenstore;

/**
 * The store refused: operation, path and XenStore's own error name, such as {@code read /tool:
 * EACCES}.
 */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String operation;
  private final String error;

  public StoreException(String operation, String error) {
    this(operation, error, null);
  }

  public StoreException(String operation, String error, Throwable cause) {
    super(operation + ": " + error, cause);
    this.operation = operation;
    this.error = error;
  }

  /** What was refused: the operation and its path. */
  public String operation() {
    return operation;
  }

  /** XenStore's error name: ENOENT, EACCES, EAGAIN, … */
  public String error() {
    return error;
  }
}
