package org.passerelle.netback.protocol;

/** What a response says of its request: {@code NETIF_RSP_*}. */
public final class NetifStatus {
  public static final int OKAY = 0;
  public static final int ERROR = -1;

  /** Answers a tx slot that held an extra info: there is nothing to give back. */
  public static final int NULL = 1;

  private NetifStatus() {}
}
