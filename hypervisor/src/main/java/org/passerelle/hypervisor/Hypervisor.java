package org.passerelle.hypervisor;

import org.passerelle.hypervisor.domain.DomainId;

/**
 * A hypervisor: {@code embedded} (any Linux host) or {@code xen}.
 *
 * <p>Domains are created and destroyed from any thread. What the host refuses is a {@link
 * HypervisorException}.
 */
public interface Hypervisor extends AutoCloseable {

  /** The host's own view. */
  DomainContext dom0();

  /**
   * Starts a domain with {@code memoryPages} pages of 4 KiB of its own, beside those that hold its
   * grant table; its id was never used before. When it cannot be started nothing is left of it but
   * its id, which is spent.
   */
  DomainContext create(String name, int memoryPages);

  /**
   * Ends a domain: its memory, grants, ports, mappings and store connection are gone, and so is its
   * directory in the store. What dom0 still has mapped of it stays readable until unmapped, as in
   * Xen. The domain's own threads are to be stopped first: its memory is unmapped, and touching it
   * afterwards is an {@link IllegalStateException}.
   *
   * <p>Throws {@link IllegalArgumentException} for dom0, and for a domain that there is not.
   */
  void destroy(DomainId id);

  /** Destroys every domain, then gives up what dom0 had. */
  @Override
  void close();
}
