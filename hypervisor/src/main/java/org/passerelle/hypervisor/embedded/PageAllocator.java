package org.passerelle.hypervisor.embedded;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import org.passerelle.hypervisor.memory.DomainMemory;

/** A domain's own view of its pages, and which of them are taken. */
final class PageAllocator implements DomainMemory {
  private final MemoryMap map;
  private final MemorySegment memory;
  private final int[] free;
  private final BitSet taken;
  private int freeCount;

  PageAllocator(MemoryMap map, MemorySegment memory) {
    this.map = map;
    this.memory = memory;
    this.free = new int[map.pages()];
    this.taken = new BitSet(map.pages());
    for (int i = map.pages() - 1; i >= 0; i--) {
      free[freeCount++] = map.firstPage() + i;
    }
  }

  @Override
  public int pages() {
    return map.pages();
  }

  @Override
  public int allocate() {
    if (freeCount == 0) {
      throw new IllegalStateException("all " + map.pages() + " pages are taken");
    }
    int frame = free[--freeCount];
    taken.set(frame);
    // Zeros: what lay here before must not leak to the next one that the page is granted to.
    page(frame).fill((byte) 0);
    return frame;
  }

  @Override
  public void release(int frame) {
    if (!taken.get(map.requirePage(frame))) {
      throw new IllegalArgumentException("frame " + frame + " is free already");
    }
    taken.clear(frame);
    free[freeCount++] = frame;
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
    return MemoryMap.at(map.requirePage(frame));
  }
}
