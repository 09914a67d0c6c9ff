package org.passerelle.hypervisor.embedded;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.passerelle.hypervisor.domain.DomainId;

/** The domains there are, found by their number from any thread and without a lock. */
final class DomainTable {
  private final AtomicReferenceArray<EmbeddedDomain> domains =
      new AtomicReferenceArray<>(DomainId.FIRST_RESERVED);

  /** The domain, or null when there is none (any more, or yet). */
  EmbeddedDomain find(DomainId id) {
    return domains.getAcquire(id.value());
  }

  void add(EmbeddedDomain domain) {
    domains.setRelease(domain.id().value(), domain);
  }

  /** From here on nobody finds the domain. */
  void remove(EmbeddedDomain domain) {
    domains.setRelease(domain.id().value(), null);
  }
}
