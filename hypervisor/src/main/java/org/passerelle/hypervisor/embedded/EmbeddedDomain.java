package org.passerelle.hypervisor.embedded;

import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.memory.DomainMemory;
import org.passerelle.hypervisor.memory.ForeignGrants;
import org.passerelle.hypervisor.memory.GrantTable;
import org.passerelle.hypervisor.xenstore.XenStore;

/** A domain: its memory, what it grants and uses of others, its ports and its store connection. */
final class EmbeddedDomain implements DomainContext {
  private final DomainId id;
  private final MemoryMap map;
  private final MemoryFile file;
  private final PageAllocator memory;
  private final SharedGrantTable grants;
  private final ActiveGrants active;
  private final GrantUser foreignGrants;
  private final DomainPorts events;
  private XenStore store;

  EmbeddedDomain(DomainId id, int pages, DomainTable domains, EventSwitch switchboard) {
    this.id = id;
    this.map = MemoryMap.of(pages);
    this.file = MemoryFile.create(id, map.bytes());
    this.memory = new PageAllocator(map, file.whole());
    this.grants = new SharedGrantTable(map, file.whole());
    this.active = new ActiveGrants(map, file);
    this.foreignGrants = new GrantUser(id, domains);
    this.events = new DomainPorts(id, switchboard);
  }

  @Override
  public DomainId id() {
    return id;
  }

  @Override
  public DomainMemory memory() {
    return memory;
  }

  @Override
  public GrantTable grants() {
    return grants;
  }

  @Override
  public ForeignGrants foreignGrants() {
    return foreignGrants;
  }

  @Override
  public DomainPorts events() {
    return events;
  }

  @Override
  public XenStore store() {
    return store;
  }

  /** Connects the domain to the store, before anybody is handed its context. */
  void connect(StoreHost host) {
    store = host.connect(id);
  }

  /** Its memory, to be lent to its process. */
  MemoryFile file() {
    return file;
  }

  MemoryMap map() {
    return map;
  }

  /** The hypervisor's own record of this domain's grants. */
  ActiveGrants active() {
    return active;
  }

  /** Frees ports, mappings and memory; nobody finds the domain any more. Once only. */
  void free() {
    events.closeAll();
    foreignGrants.close();
    active.shut();
    file.close();
  }
}
