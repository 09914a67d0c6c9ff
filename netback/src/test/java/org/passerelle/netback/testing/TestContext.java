package org.passerelle.netback.testing;

import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.event.EventChannels;
import org.passerelle.hypervisor.memory.DomainMemory;
import org.passerelle.hypervisor.memory.ForeignGrants;
import org.passerelle.hypervisor.memory.GrantTable;
import org.passerelle.hypervisor.xenstore.XenStore;

/** One guest's memory, seen by the guest and by the host, without a store. */
public record TestContext(DomainId id, TestMemory pages, TestEvents channels)
    implements DomainContext {

  @Override
  public DomainMemory memory() {
    return pages;
  }

  @Override
  public GrantTable grants() {
    return pages;
  }

  @Override
  public ForeignGrants foreignGrants() {
    return pages;
  }

  @Override
  public EventChannels events() {
    return channels;
  }

  @Override
  public XenStore store() {
    throw new UnsupportedOperationException("these tests have no store");
  }
}
