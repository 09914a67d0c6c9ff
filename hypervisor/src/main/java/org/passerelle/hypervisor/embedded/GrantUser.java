package org.passerelle.hypervisor.embedded;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.passerelle.hypervisor.HypervisorException;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.memory.ForeignGrants;
import org.passerelle.hypervisor.memory.GrantAccess;
import org.passerelle.hypervisor.memory.GrantException;
import org.passerelle.hypervisor.memory.GrantStatus;

/** One domain's use of the others' grants: it finds the granter, and keeps what is mapped. */
final class GrantUser implements ForeignGrants, AutoCloseable {
  private final DomainId self;
  private final DomainTable domains;
  private final Set<Mapping> mappings = ConcurrentHashMap.newKeySet();

  GrantUser(DomainId self, DomainTable domains) {
    this.self = self;
    this.domains = domains;
  }

  @Override
  public int copyFrom(
      DomainId granter, int reference, int offset, MemorySegment to, long toOffset, int length) {
    EmbeddedDomain domain = domains.find(granter);
    if (domain == null) {
      return GrantStatus.BAD_DOMAIN;
    }
    return domain.active().copyFrom(self.value(), reference, offset, to, toOffset, length);
  }

  @Override
  public int copyTo(
      DomainId granter,
      int reference,
      int offset,
      MemorySegment from,
      long fromOffset,
      int length) {
    EmbeddedDomain domain = domains.find(granter);
    if (domain == null) {
      return GrantStatus.BAD_DOMAIN;
    }
    return domain.active().copyTo(self.value(), reference, offset, from, fromOffset, length);
  }

  @Override
  public MappedGrant map(DomainId granter, int reference, GrantAccess access)
      throws GrantException {
    String operation =
        "map grant " + Integer.toUnsignedString(reference) + " of " + granter + " for " + self;
    EmbeddedDomain domain = domains.find(granter);
    if (domain == null) {
      throw new GrantException(operation + ": no such domain", GrantStatus.BAD_DOMAIN);
    }
    Arena arena = Arena.ofShared();
    try {
      boolean writable = access == GrantAccess.READ_WRITE;
      MemorySegment page = domain.active().map(self.value(), reference, writable, arena);
      Mapping mapping = new Mapping(domain.active(), reference, writable, arena, page);
      mappings.add(mapping);
      return mapping;
    } catch (ActiveGrants.Refused e) {
      arena.close();
      throw new GrantException(operation + " " + access, e.status());
    } catch (HypervisorException e) {
      arena.close();
      throw new GrantException(operation + ": " + e.getMessage(), GrantStatus.NO_SPACE);
    }
  }

  /** Unmaps all that is still mapped. */
  @Override
  public void close() {
    mappings.forEach(Mapping::close);
  }

  private final class Mapping implements MappedGrant {
    private final ActiveGrants granter;
    private final int reference;
    private final boolean writable;
    private final Arena arena;
    private final MemorySegment page;

    Mapping(
        ActiveGrants granter, int reference, boolean writable, Arena arena, MemorySegment page) {
      this.granter = granter;
      this.reference = reference;
      this.writable = writable;
      this.arena = arena;
      this.page = page;
    }

    @Override
    public MemorySegment page() {
      return page;
    }

    @Override
    public void close() {
      if (!mappings.remove(this)) {
        return;
      }
      try {
        arena.close();
      } catch (IllegalStateException inUse) {
        mappings.add(this);
        throw inUse;
      }
      granter.unmap(reference, writable);
    }
  }
}
