package org.passerelle.link.rtnl;

/**
 * The kernel refused. The message is complete: operation, device, errno and the kernel's own words,
 * for example {@code set master xenbr0 on vif1.0: EBUSY (16, Device or resource busy): Device is
 * already a port}.
 */
public final class KernelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  public KernelException(String operation, int errno, String errnoText, String kernelText) {
    super(operation + ": " + errnoText + (kernelText.isEmpty() ? "" : ": " + kernelText));
    this.errno = errno;
  }

  /** Linux's errno, positive. */
  public int errno() {
    return errno;
  }
}
