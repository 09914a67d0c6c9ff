package org.passerelle.hypervisor.memory;

import org.passerelle.hypervisor.domain.DomainId;

/** The granting side: a domain's own grant table (Xen's version 1 entries). Owned by one thread. */
public interface GrantTable {

  /**
   * Lets {@code to} reach {@code frame}; returns the grant reference (never one of the reserved
   * 0..7). One frame may be granted more than once. Throws {@link IllegalStateException} when the
   * table is full, {@link IllegalArgumentException} when the domain has no such page.
   */
  int grant(DomainId to, int frame, GrantAccess access);

  /**
   * Ends a grant. False while the other domain still has the page mapped, or is copying: then the
   * page must not be used again (XSA-396), and ending can be tried again later. Throws {@link
   * IllegalArgumentException} for a reference that is not granted.
   */
  boolean end(int reference);
}
