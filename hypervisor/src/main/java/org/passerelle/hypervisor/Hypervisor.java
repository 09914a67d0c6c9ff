package org.passerelle.hypervisor;

import org.passerelle.hypervisor.domain.DomainId;

/** A hypervisor: {@code embedded} (any Linux host) or {@code xen}. */
public interface Hypervisor extends AutoCloseable {

  /** The host's own view. */
  DomainContext dom0();

  /** Starts a domain with {@code memoryPages} pages of 4 KiB; its id was never used before. */
  DomainContext create(String name, int memoryPages);

  /**
   * Ends a domain: its memory, grants, ports and store connection are gone. What dom0 still has
   * mapped of it stays readable until unmapped, as in Xen.
   */
  void destroy(DomainId id);

  @Override
  void close();
}
