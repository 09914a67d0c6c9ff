package org.passerelle.hypervisor;

/**
 * The host refused something that a hypervisor needs. The message is complete: operation, domain,
 * errno and remedy, for example {@code memfd_create for dom3: EMFILE (24): raise the limit of open
 * files (ulimit -n)}.
 */
public final class HypervisorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  /** {@code errno} is Linux's, positive; 0 when the cause is none of the kernel's. */
  public HypervisorException(String message, int errno) {
    super(message);
    this.errno = errno;
  }

  public HypervisorException(String message, Throwable cause) {
    super(message, cause);
    this.errno = 0;
  }

  /** Linux's errno, positive; 0 when the cause was none of the kernel's. */
  public int errno() {
    return errno;
  }
}
