package org.passerelle.link.netlink;

/** Bytes that are no netlink message, or lengths that do not fit; says what, and where. */
public final class MalformedMessageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedMessageException(String message) {
    super(message);
  }
}
