package org.passerelle.hypervisor.memory;

/** The status of a grant operation: GNTST_* of Xen's {@code grant_table.h}. */
public final class GrantStatus {
  public static final int OKAY = 0;

  /** The entry does not grant this: wrong domain, wrong type, or read-only. */
  public static final int GENERAL_ERROR = -1;

  public static final int BAD_DOMAIN = -2;

  /** The reference lies outside the granter's table. */
  public static final int BAD_GNTREF = -3;

  public static final int PERMISSION_DENIED = -8;

  /** The entry names a frame that the granter does not have. */
  public static final int BAD_PAGE = -9;

  /** Offset and length leave the page. */
  public static final int BAD_COPY_ARG = -10;

  public static final int EAGAIN = -12;
  public static final int NO_SPACE = -13;

  private GrantStatus() {}
}
