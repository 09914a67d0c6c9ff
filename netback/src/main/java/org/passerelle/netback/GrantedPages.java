package org.passerelle.netback;

import java.lang.foreign.MemorySegment;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.memory.DomainMemory;
import org.passerelle.hypervisor.memory.GrantAccess;
import org.passerelle.hypervisor.memory.GrantTable;

/**
 * Pages of the guest's that stay granted to its backend for as long as the channel lives, and hold
 * nothing but frames of that channel: what the backend could see in them it has seen, or is to see.
 */
final class GrantedPages {
  private final DomainMemory memory;
  private final GrantTable grants;
  private final int[] frames;
  private final int[] references;
  private final MemorySegment[] pages;
  private int count;

  /** Takes and grants {@code wanted} pages; none is kept when there are not enough. */
  GrantedPages(
      DomainMemory memory, GrantTable grants, DomainId to, GrantAccess access, int wanted) {
    this.memory = memory;
    this.grants = grants;
    frames = new int[wanted];
    references = new int[wanted];
    pages = new MemorySegment[wanted];
    try {
      while (count < wanted) {
        add(to, access);
      }
    } catch (RuntimeException e) {
      release(new BusyPages(memory, grants));
      throw e;
    }
  }

  private void add(DomainId to, GrantAccess access) {
    int frame = memory.allocate();
    try {
      references[count] = grants.grant(to, frame, access);
    } catch (RuntimeException e) {
      memory.release(frame);
      throw e;
    }
    frames[count] = frame;
    pages[count] = memory.page(frame);
    count++;
  }

  int count() {
    return count;
  }

  int reference(int page) {
    return references[page];
  }

  MemorySegment page(int page) {
    return pages[page];
  }

  /**
   * Ends the grants and gives the pages back; those still in use by the backend go to {@code busy}.
   */
  void release(BusyPages busy) {
    for (int i = 0; i < count; i++) {
      busy.release(references[i], frames[i]);
    }
    count = 0;
  }
}
