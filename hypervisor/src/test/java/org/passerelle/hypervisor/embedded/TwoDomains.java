package org.passerelle.hypervisor.embedded;

import static org.passerelle.hypervisor.memory.GrantEntryLayout.WORD;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.memory.GrantEntryLayout;

/** A granter, dom5 with 16 pages, and dom0 and dom6 who use its grants; without a store. */
final class TwoDomains implements AutoCloseable {
  static final int PAGES = 16;
  static final DomainId GRANTER = new DomainId(5);

  final DomainTable table = new DomainTable();
  final EventSwitch events = new EventSwitch(table);
  final EmbeddedDomain granter = start(GRANTER.value());
  final EmbeddedDomain dom0 = start(0);
  final EmbeddedDomain dom6 = start(6);
  final Arena arena = Arena.ofShared();
  final MemorySegment local = arena.allocate(65536);

  /** One more domain with 16 pages. */
  EmbeddedDomain start(int id) {
    EmbeddedDomain domain = new EmbeddedDomain(new DomainId(id), PAGES, table, events);
    table.add(domain);
    return domain;
  }

  /** Writes an entry as a granter may who keeps no rules. */
  void write(int reference, int flags, int domain, int frame) {
    WORD.setVolatile(
        memory(), GrantEntryLayout.at(reference), GrantEntryLayout.word(flags, domain, frame));
  }

  /** An entry's flags, u16 at its start. */
  int flags(int reference) {
    return Short.toUnsignedInt(
        memory().get(ValueLayout.JAVA_SHORT, GrantEntryLayout.at(reference)));
  }

  MemorySegment memory() {
    return granter.memory().space();
  }

  int copyFrom(int reference, int offset, int length) {
    return dom0.foreignGrants().copyFrom(GRANTER, reference, offset, local, 0, length);
  }

  int copyTo(int reference, int offset, int length) {
    return dom0.foreignGrants().copyTo(GRANTER, reference, offset, local, 0, length);
  }

  /** Ends a domain as the hypervisor does. */
  void destroy(EmbeddedDomain domain) {
    table.remove(domain);
    domain.free();
  }

  @Override
  public void close() {
    for (EmbeddedDomain domain : new EmbeddedDomain[] {granter, dom0, dom6}) {
      if (table.find(domain.id()) != null) {
        destroy(domain);
      }
    }
    arena.close();
  }
}
