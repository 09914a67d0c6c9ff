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
    super("errno " + errno + (text.isEmpty() ? "" : ": " + text));
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
