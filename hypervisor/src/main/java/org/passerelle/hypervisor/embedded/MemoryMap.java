package org.passerelle.hypervisor.embedded;

import static org.passerelle.hypervisor.memory.DomainMemory.PAGE_SIZE;

import org.passerelle.hypervisor.memory.GrantEntryLayout;

/** Which frames of a domain's file are what; the package's documentation draws it. */
record MemoryMap(int grantFrames, int pages) {
  static final int ENTRIES_PER_FRAME = PAGE_SIZE / GrantEntryLayout.SIZE;

  /** Xen's default for gnttab_max_frames. */
  private static final int MAX_GRANT_FRAMES = 64;

  /** 16 GiB: more than any frontend needs, and far from where frame numbers end. */
  private static final int MAX_PAGES = 1 << 22;

  /** The map of a domain with so many pages: an entry for each page, and the reserved ones. */
  static MemoryMap of(int pages) {
    if (pages < 1 || pages > MAX_PAGES) {
      throw new IllegalArgumentException(
          "a domain's memory of " + pages + " pages is outside 1.." + MAX_PAGES);
    }
    int wanted = Math.ceilDiv(pages + GrantEntryLayout.RESERVED_ENTRIES, ENTRIES_PER_FRAME);
    return new MemoryMap(Math.min(wanted, MAX_GRANT_FRAMES), pages);
  }

  /** The number of grant entries; references are 0 .. entries-1. */
  int entries() {
    return grantFrames * ENTRIES_PER_FRAME;
  }

  /** The first frame that is a page of the domain. */
  int firstPage() {
    return grantFrames;
  }

  long bytes() {
    return (long) (grantFrames + pages) * PAGE_SIZE;
  }

  /** Where a frame begins in the file. */
  static long at(int frame) {
    return (long) frame * PAGE_SIZE;
  }

  /** Whether a frame number, whatever its bits, is one of the domain's pages. */
  boolean isPage(int frame) {
    return Integer.compareUnsigned(frame - grantFrames, pages) < 0;
  }

  /** Whether a grant reference, whatever its bits, has an entry. */
  boolean hasEntry(int reference) {
    return Integer.compareUnsigned(reference, entries()) < 0;
  }

  int requirePage(int frame) {
    if (!isPage(frame)) {
      throw new IllegalArgumentException(
          "frame "
              + Integer.toUnsignedString(frame)
              + " is no page: pages are "
              + grantFrames
              + ".."
              + (grantFrames + pages - 1));
    }
    return frame;
  }
}
