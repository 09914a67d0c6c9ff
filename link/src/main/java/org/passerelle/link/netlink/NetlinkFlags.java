package org.passerelle.link.netlink;

/** NLM_F_* of {@code linux/netlink.h}. The bits from 0x100 on mean different things by request. */
public final class NetlinkFlags {
  public static final int REQUEST = 0x01;

  /** More parts follow, up to NLMSG_DONE. */
  public static final int MULTI = 0x02;

  /** Acknowledge even success. */
  public static final int ACK = 0x04;

  /** The list changed while it was dumped: what came is not one consistent state. */
  public static final int DUMP_INTERRUPTED = 0x10;

  /** In a get request: ROOT and MATCH, all entries. */
  public static final int DUMP = 0x300;

  /** In a new request: fail when there is one already. */
  public static final int EXCLUSIVE = 0x200;

  /** In a new request: put it in the place of what is there. */
  public static final int REPLACE = 0x100;

  /** In a new request: make it when there is none. */
  public static final int CREATE = 0x400;

  /** In a new request: add to the end of a list. */
  public static final int APPEND = 0x800;

  /** In an error message: the request's payload was left out of it. */
  public static final int CAPPED = 0x100;

  /** In an error or done message: attributes with the kernel's own text follow. */
  public static final int ACK_ATTRIBUTES = 0x200;

  private NetlinkFlags() {}
}
