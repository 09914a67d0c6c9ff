package org.passerelle.netback;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.passerelle.hypervisor.memory.DomainMemory;
import org.passerelle.hypervisor.memory.GrantTable;

/**
 * Pages whose grant could not be ended because the backend has them mapped still. They are not used
 * again before it could (XSA-396).
 */
final class BusyPages {
  private final DomainMemory memory;
  private final GrantTable grants;
  private final List<Page> pages = new ArrayList<>();

  private record Page(int reference, int frame) {}

  BusyPages(DomainMemory memory, GrantTable grants) {
    this.memory = memory;
    this.grants = grants;
  }

  /** Ends a grant and gives its page back, now or by a later {@link #retry}. */
  void release(int reference, int frame) {
    if (grants.end(reference)) {
      memory.release(frame);
    } else {
      pages.add(new Page(reference, frame));
    }
  }

  /** Tries again; returns how many pages are still in use. */
  int retry() {
    for (Iterator<Page> rest = pages.iterator(); rest.hasNext(); ) {
      Page page = rest.next();
      if (grants.end(page.reference())) {
        memory.release(page.frame());
        rest.remove();
      }
    }
    return pages.size();
  }
}
