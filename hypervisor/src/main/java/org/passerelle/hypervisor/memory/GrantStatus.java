package org.passerelle.hypervisor.memory;

/** The status of a grant operation: GNTST_* of Xen's {@code grant_table.h}. */
public final class GrantStatus {
  public static final int OKAY = 0;
  public static final int GENERAL_ERROR = -1;
  public static final int BAD_DOMAIN = -2;
  public static final int BAD_GNTREF = -3;
  public static final int PERMISSION_DENIED = -8;
  public static final int BAD_COPY_ARG = -10;
  public static final int EAGAIN = -12;
  public static final int NO_SPACE = -13;

  private GrantStatus() {}
}
