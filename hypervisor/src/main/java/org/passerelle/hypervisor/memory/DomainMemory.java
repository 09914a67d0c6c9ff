package org.passerelle.hypervisor.memory;

import java.lang.foreign.MemorySegment;

/**
 * A domain's own pages, as the domain sees them. Another process of the host may have the same
 * pages mapped: whatever is read here may change between two reads.
 *
 * <p>Allocating and releasing belong to one thread.
 */
public interface DomainMemory {
  int PAGE_SIZE = 4096;

  /** The number of pages that can be allocated. */
  int pages();

  /**
   * Takes a free page, filled with zeros; returns its frame number. Throws {@link
   * IllegalStateException} when none is left.
   */
  int allocate();

  /** Gives a page back. Not to be called while a grant of it is in use by another domain. */
  void release(int frame);

  /** The {@link #PAGE_SIZE} bytes of a page, as an object of its own. */
  MemorySegment page(int frame);

  /**
   * A segment in which every page lies, each at its {@link #offset}. For the frame path, where
   * {@link #page} would make an object a frame.
   */
  MemorySegment space();

  /** Where a page begins in {@link #space()}. */
  long offset(int frame);
}
