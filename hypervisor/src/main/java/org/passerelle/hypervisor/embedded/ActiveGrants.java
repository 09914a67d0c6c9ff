package org.passerelle.hypervisor.embedded;

import static org.passerelle.hypervisor.memory.DomainMemory.PAGE_SIZE;
import static org.passerelle.hypervisor.memory.GrantEntryLayout.PERMIT_ACCESS;
import static org.passerelle.hypervisor.memory.GrantEntryLayout.READING;
import static org.passerelle.hypervisor.memory.GrantEntryLayout.READ_ONLY;
import static org.passerelle.hypervisor.memory.GrantEntryLayout.SUB_PAGE;
import static org.passerelle.hypervisor.memory.GrantEntryLayout.TYPE_MASK;
import static org.passerelle.hypervisor.memory.GrantEntryLayout.WORD;
import static org.passerelle.hypervisor.memory.GrantEntryLayout.WRITING;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.passerelle.hypervisor.memory.GrantEntryLayout;
import org.passerelle.hypervisor.memory.GrantStatus;

/**
 * What the hypervisor knows of one domain's grants: which are in use, by whom, and for which frame.
 * All checks of a grant are here, with the rules of Xen's {@code common/grant_table.c}.
 *
 * <p>The granter's entry is its own to write at any time. It is read once, as a whole; the copy is
 * checked, and the bits that mark it in use are set by exchanging exactly that copy. While a grant
 * is in use the domain and frame of that moment count, whatever the entry says by then.
 *
 * <p>An entry's state (see {@link EntryLocks}) counts its mappings: read-only ones in the low 15
 * bits, writable ones in the next 15.
 */
final class ActiveGrants {
  private static final int READER = 1;
  private static final int WRITER_SHIFT = 15;
  private static final int WRITER = 1 << WRITER_SHIFT;
  private static final int COUNT = WRITER - 1;

  /** Xen gives up on a granter that changes an entry five times while we look. */
  private static final int ATTEMPTS = 5;

  private static final int CHECKED_FLAGS = TYPE_MASK | SUB_PAGE;

  private final MemoryMap map;
  private final MemoryFile file;
  private final MemorySegment memory;
  private final EntryLocks locks;
  private final int[] users;
  private final int[] frames;
  private volatile boolean gone;

  ActiveGrants(MemoryMap map, MemoryFile file) {
    this.map = map;
    this.file = file;
    this.memory = file.whole();
    this.locks = new EntryLocks(map.entries());
    this.users = new int[map.entries()];
    this.frames = new int[map.entries()];
  }

  /** Copies out of a granted page for {@code user}; a {@link GrantStatus}. */
  int copyFrom(int user, int reference, int offset, MemorySegment to, long toOffset, int length) {
    int refusal = refusal(reference, offset, length);
    if (refusal != GrantStatus.OKAY) {
      return refusal;
    }
    int state = locks.lock(reference);
    try {
      int frame = hold(reference, state, user, READING);
      if (frame < 0) {
        return frame;
      }
      try {
        MemorySegment.copy(memory, MemoryMap.at(frame) + offset, to, toOffset, length);
      } finally {
        clear(reference, bitsNotOf(state));
      }
      return GrantStatus.OKAY;
    } finally {
      locks.unlock(reference, state);
    }
  }

  /** Copies into a granted page for {@code user}; a {@link GrantStatus}. */
  int copyTo(int user, int reference, int offset, MemorySegment from, long fromOffset, int length) {
    int refusal = refusal(reference, offset, length);
    if (refusal != GrantStatus.OKAY) {
      return refusal;
    }
    int state = locks.lock(reference);
    try {
      int frame = hold(reference, state, user, READING | WRITING);
      if (frame < 0) {
        return frame;
      }
      try {
        MemorySegment.copy(from, fromOffset, memory, MemoryMap.at(frame) + offset, length);
      } finally {
        clear(reference, bitsNotOf(state));
      }
      return GrantStatus.OKAY;
    } finally {
      locks.unlock(reference, state);
    }
  }

  /**
   * Maps a granted page for {@code user}, for as long as {@code arena} lives, and counts it. When
   * it throws, nothing was counted.
   */
  MemorySegment map(int user, int reference, boolean writable, Arena arena) throws Refused {
    if (!map.hasEntry(reference)) {
      throw new Refused(GrantStatus.BAD_GNTREF);
    }
    int state = locks.lock(reference);
    int after = state;
    try {
      int frame = frameToMap(reference, state, user, writable);
      try {
        MemorySegment page = file.mapFrame(frame, writable, arena);
        after = state + (writable ? WRITER : READER);
        return page;
      } finally {
        clear(reference, bitsNotOf(after));
      }
    } finally {
      locks.unlock(reference, after);
    }
  }

  private int frameToMap(int reference, int state, int user, boolean writable) throws Refused {
    if (((writable ? state >>> WRITER_SHIFT : state) & COUNT) == COUNT) {
      throw new Refused(GrantStatus.NO_SPACE);
    }
    int frame = hold(reference, state, user, writable ? READING | WRITING : READING);
    if (frame < 0) {
      throw new Refused(frame);
    }
    users[reference] = user;
    frames[reference] = frame;
    return frame;
  }

  /** Takes back what a {@link #map} marked; the bits go with the last mapping that needs them. */
  void unmap(int reference, boolean writable) {
    int state = locks.lock(reference);
    int after = state - (writable ? WRITER : READER);
    if (!gone) {
      clear(reference, bitsNotOf(after));
    }
    locks.unlock(reference, after);
  }

  /**
   * Ends all use of the domain's memory through its grants: copies under way are waited for, later
   * ones find no domain. Mappings stay, they have pages of their own.
   */
  void shut() {
    gone = true;
    for (int reference = 0; reference < map.entries(); reference++) {
      locks.unlock(reference, locks.lock(reference));
    }
  }

  private int refusal(int reference, int offset, int length) {
    if (!map.hasEntry(reference)) {
      return GrantStatus.BAD_GNTREF;
    }
    boolean inPage = (offset | length) >= 0 && length <= PAGE_SIZE && offset <= PAGE_SIZE - length;
    return inPage ? GrantStatus.OKAY : GrantStatus.BAD_COPY_ARG;
  }

  /**
   * Checks an entry that is locked and sets the wanted bits in it; the frame, or a negative {@link
   * GrantStatus}.
   */
  private int hold(int reference, int state, int user, int wanted) {
    if (gone) {
      return GrantStatus.BAD_DOMAIN;
    }
    if (state != 0 && users[reference] != user) {
      return GrantStatus.GENERAL_ERROR;
    }
    long at = GrantEntryLayout.at(reference);
    long entry = (long) WORD.getVolatile(memory, at);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int status = check(entry, state, user, wanted);
      if (status != GrantStatus.OKAY) {
        return status;
      }
      long found = (long) WORD.compareAndExchange(memory, at, entry, entry | wanted);
      if (found == entry) {
        return state == 0 ? GrantEntryLayout.frame(entry) : frames[reference];
      }
      entry = found;
    }
    return GrantStatus.GENERAL_ERROR;
  }

  /** Whether our copy of an entry allows what is wanted. */
  private int check(long entry, int state, int user, int wanted) {
    int flags = GrantEntryLayout.flags(entry);
    if ((wanted & WRITING) != 0 && (flags & READ_ONLY) != 0) {
      return GrantStatus.GENERAL_ERROR;
    }
    if (state != 0) {
      return GrantStatus.OKAY;
    }
    if ((flags & CHECKED_FLAGS) != PERMIT_ACCESS || GrantEntryLayout.domain(entry) != user) {
      return GrantStatus.GENERAL_ERROR;
    }
    return map.isPage(GrantEntryLayout.frame(entry)) ? GrantStatus.OKAY : GrantStatus.BAD_PAGE;
  }

  /** The bits that mappings so counted do not need. */
  private static int bitsNotOf(int state) {
    if (state == 0) {
      return READING | WRITING;
    }
    return state < WRITER ? WRITING : 0;
  }

  /**
   * Clears bits of an entry that is locked. A granter that never lets an exchange succeed gets its
   * own entry overwritten: it cannot hold us here.
   */
  private void clear(int reference, int bits) {
    long at = GrantEntryLayout.at(reference);
    long entry = (long) WORD.getVolatile(memory, at);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      long found = (long) WORD.compareAndExchange(memory, at, entry, entry & ~(long) bits);
      if (found == entry) {
        return;
      }
      entry = found;
    }
    WORD.setVolatile(memory, at, entry & ~(long) bits);
  }

  /** A mapping was refused, with the {@link GrantStatus}. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;

    Refused(int status) {
      super(null, null, false, false);
      this.status = status;
    }

    int status() {
      return status;
    }
  }
}
