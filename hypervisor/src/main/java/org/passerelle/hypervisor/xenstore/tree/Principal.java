package org.passerelle.hypervisor.xenstore.tree;

/**
 * Who asks: a domain and, for a device model's domain, the one that it acts for as well ({@code
 * SET_TARGET}); {@link #NO_TARGET} otherwise.
 */
public record Principal(int domain, int target) {
  public static final int NO_TARGET = -1;
  public static final Principal DOM0 = of(0);

  public static Principal of(int domain) {
    return new Principal(domain, NO_TARGET);
  }

  /** dom0 may do everything, and no quota binds it. */
  public boolean isPrivileged() {
    return domain == 0;
  }

  boolean is(int other) {
    return domain == other || target == other && target != NO_TARGET;
  }
}
