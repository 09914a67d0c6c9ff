package org.passerelle.link.rtnl;

/**
 * The kernel refused. The message is complete: operation, device, errno and the kernel's own words,
 * for example {@code set vif1.0 master xenbr0: ELOOP (40, Too many levels of symbolic links): Can
 * not enslave a bridge to a bridge}.
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
