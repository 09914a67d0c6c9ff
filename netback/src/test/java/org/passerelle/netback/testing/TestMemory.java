package org.passerelle.netback.testing;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.memory.DomainMemory;
import org.passerelle.hypervisor.memory.ForeignGrants;
import org.passerelle.hypervisor.memory.GrantAccess;
import org.passerelle.hypervisor.memory.GrantException;
import org.passerelle.hypervisor.memory.GrantStatus;
import org.passerelle.hypervisor.memory.GrantTable;

/**
 * One guest's pages and grants in the test's own memory, with Xen's answers to what is not granted.
 */
public final class TestMemory implements DomainMemory, GrantTable, ForeignGrants {
  private static final int FIRST_REFERENCE = 8;

  private final MemorySegment memory;
  private final int pages;
  private final Deque<Integer> free = new ArrayDeque<>();
  private final Map<Integer, Grant> grants = new HashMap<>();
  private int nextReference = FIRST_REFERENCE;

  /** Bytes asked for by copies, granted or not. */
  public long copied;

  private static final class Grant {
    final int frame;
    final GrantAccess access;
    int mapped;

    Grant(int frame, GrantAccess access) {
      this.frame = frame;
      this.access = access;
    }
  }

  public TestMemory(Arena arena, int pages) {
    this.memory = arena.allocate((long) pages * PAGE_SIZE, PAGE_SIZE);
    this.pages = pages;
    for (int frame = 0; frame < pages; frame++) {
      free.add(frame);
    }
  }

  @Override
  public int pages() {
    return pages;
  }

  public int freePages() {
    return free.size();
  }

  public int liveGrants() {
    return grants.size();
  }

  @Override
  public int allocate() {
    if (free.isEmpty()) {
      throw new IllegalStateException("out of pages");
    }
    int frame = free.remove();
    page(frame).fill((byte) 0);
    return frame;
  }

  @Override
  public void release(int frame) {
    if (free.contains(frame) || grants.values().stream().anyMatch(grant -> grant.frame == frame)) {
      throw new IllegalStateException("frame " + frame + " is free or granted");
    }
    free.add(frame);
  }

  @Override
  public MemorySegment page(int frame) {
    return memory.asSlice(offset(frame), PAGE_SIZE);
  }

  @Override
  public MemorySegment space() {
    return memory;
  }

  @Override
  public long offset(int frame) {
    return (long) frame * PAGE_SIZE;
  }

  @Override
  public int grant(DomainId to, int frame, GrantAccess access) {
    grants.put(nextReference, new Grant(frame, access));
    return nextReference++;
  }

  @Override
  public boolean end(int reference) {
    Grant grant = grants.get(reference);
    if (grant == null) {
      throw new IllegalStateException("grant " + reference + " was ended before");
    }
    return grant.mapped == 0 && grants.remove(reference) != null;
  }

  @Override
  public MappedGrant map(DomainId granter, int reference, GrantAccess access)
      throws GrantException {
    Grant grant = grants.get(reference);
    if (grant == null) {
      throw new GrantException("map grant " + reference, GrantStatus.BAD_GNTREF);
    }
    grant.mapped++;
    return new MappedGrant() {
      @Override
      public MemorySegment page() {
        return TestMemory.this.page(grant.frame);
      }

      @Override
      public void close() {
        grant.mapped--;
      }
    };
  }

  @Override
  public int copyFrom(
      DomainId granter, int reference, int offset, MemorySegment to, long toOffset, int length) {
    int status = status(reference, offset, length, GrantAccess.READ_ONLY);
    if (status == GrantStatus.OKAY) {
      MemorySegment page = page(grants.get(reference).frame);
      MemorySegment.copy(page, offset, to, toOffset, length);
    }
    return status;
  }

  @Override
  public int copyTo(
      DomainId granter,
      int reference,
      int offset,
      MemorySegment from,
      long fromOffset,
      int length) {
    int status = status(reference, offset, length, GrantAccess.READ_WRITE);
    if (status == GrantStatus.OKAY) {
      MemorySegment page = page(grants.get(reference).frame);
      MemorySegment.copy(from, fromOffset, page, offset, length);
    }
    return status;
  }

  private int status(int reference, int offset, int length, GrantAccess wanted) {
    copied += length;
    Grant grant = grants.get(reference);
    if (grant == null) {
      return GrantStatus.BAD_GNTREF;
    }
    if (offset < 0 || length < 0 || offset + length > PAGE_SIZE) {
      return GrantStatus.BAD_COPY_ARG;
    }
    boolean refused = wanted == GrantAccess.READ_WRITE && grant.access == GrantAccess.READ_ONLY;
    return refused ? GrantStatus.PERMISSION_DENIED : GrantStatus.OKAY;
  }
}
