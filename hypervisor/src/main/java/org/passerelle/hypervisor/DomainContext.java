package org.passerelle.hypervisor;

import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.event.EventChannels;
import org.passerelle.hypervisor.memory.DomainMemory;
import org.passerelle.hypervisor.memory.ForeignGrants;
import org.passerelle.hypervisor.memory.GrantTable;
import org.passerelle.hypervisor.xenstore.XenStore;

/** What a domain sees of the hypervisor: all that a driver half is handed. */
public interface DomainContext {
  DomainId id();

  DomainMemory memory();

  GrantTable grants();

  ForeignGrants foreignGrants();

  EventChannels events();

  /** A connection to the store with this domain's rights. */
  XenStore store();
}
