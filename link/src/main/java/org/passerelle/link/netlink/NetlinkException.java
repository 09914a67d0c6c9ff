package org.passerelle.link.netlink;

/** The kernel refused a request, or its answer could not be had. */
public final class NetlinkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int errno;
  private final String text;

  /**
   * @param errno Linux's errno, positive
   * @param text the kernel's own words, or ours about the socket; may be empty
   */
  public NetlinkException(int errno, String text) {
    // Without a trace: that a link is not there is a common answer, and whoever minds it makes an
    // error of his own.
    super("errno " + errno + (text.isEmpty() ? "" : ": " + text), null, true, false);
    this.errno = errno;
    this.text = text;
  }

  public int errno() {
    return errno;
  }

  public String text() {
    return text;
  }
}
