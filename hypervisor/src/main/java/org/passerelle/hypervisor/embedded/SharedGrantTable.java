package org.passerelle.hypervisor.embedded;

import static org.passerelle.hypervisor.memory.GrantEntryLayout.PERMIT_ACCESS;
import static org.passerelle.hypervisor.memory.GrantEntryLayout.READING;
import static org.passerelle.hypervisor.memory.GrantEntryLayout.READ_ONLY;
import static org.passerelle.hypervisor.memory.GrantEntryLayout.RESERVED_ENTRIES;
import static org.passerelle.hypervisor.memory.GrantEntryLayout.WORD;
import static org.passerelle.hypervisor.memory.GrantEntryLayout.WRITING;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.memory.GrantAccess;
import org.passerelle.hypervisor.memory.GrantEntryLayout;
import org.passerelle.hypervisor.memory.GrantTable;

/**
 * The granter's side of a grant table: it needs the shared memory and nothing else, and follows the
 * rules for guests at the head of Xen's {@code grant_table.h}.
 */
final class SharedGrantTable implements GrantTable {
  private static final long IN_USE = READING | WRITING;

  private final MemoryMap map;
  private final MemorySegment memory;
  private final int[] free;
  private final BitSet granted;
  private int freeCount;

  SharedGrantTable(MemoryMap map, MemorySegment memory) {
    this.map = map;
    this.memory = memory;
    this.free = new int[map.entries() - RESERVED_ENTRIES];
    this.granted = new BitSet(map.entries());
    for (int reference = map.entries() - 1; reference >= RESERVED_ENTRIES; reference--) {
      free[freeCount++] = reference;
    }
  }

  @Override
  public int grant(DomainId to, int frame, GrantAccess access) {
    map.requirePage(frame);
    if (freeCount == 0) {
      throw new IllegalStateException("all " + free.length + " grant entries are taken");
    }
    int reference = free[--freeCount];
    granted.set(reference);
    int flags = access == GrantAccess.READ_ONLY ? PERMIT_ACCESS | READ_ONLY : PERMIT_ACCESS;
    // Release: the page's content is there before the grant is. Xen writes domain and frame, then
    // the flags; one store of the whole entry does both at once.
    WORD.setRelease(
        memory, GrantEntryLayout.at(reference), GrantEntryLayout.word(flags, to.value(), frame));
    return reference;
  }

  @Override
  public boolean end(int reference) {
    if (reference < 0 || !granted.get(reference)) {
      throw new IllegalArgumentException("grant reference " + reference + " is not granted");
    }
    if (!withdrawn(GrantEntryLayout.at(reference))) {
      return false;
    }
    granted.clear(reference);
    free[freeCount++] = reference;
    return true;
  }

  /** Clears an entry unless it is in use; what the other side sets meanwhile is seen. */
  private boolean withdrawn(long entry) {
    long seen = (long) WORD.getVolatile(memory, entry);
    while ((seen & IN_USE) == 0) {
      long found = (long) WORD.compareAndExchange(memory, entry, seen, 0L);
      if (found == seen) {
        return true;
      }
      seen = found;
    }
    return false;
  }
}
