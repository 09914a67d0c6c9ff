package org.passerelle.hypervisor.memory;

import org.passerelle.hypervisor.domain.DomainId;

/** The granting side: a domain's own grant table (Xen's version 1 entries). Owned by one thread. */
public interface GrantTable {

  /**
   * Lets {@code to} reach {@code frame}; returns the grant reference (never one of the reserved
   * 0..7).
   */
  int grant(DomainId to, int frame, GrantAccess access);

  /**
   * Ends a grant. False while the other domain still has the page mapped: then the page must not be
   * used again (XSA-396).
   */
  boolean end(int reference);
}
