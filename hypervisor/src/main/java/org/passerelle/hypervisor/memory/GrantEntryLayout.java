package org.passerelle.hypervisor.memory;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The layout of a grant entry: {@code struct grant_entry_v1} of Xen's {@code grant_table.h}. All
 * fields are little-endian.
 *
 * <pre>
 *   0        2        4                 8
 *   +--------+--------+-----------------+
 *   | flags  | domid  | frame           |
 *   +--------+--------+-----------------+
 * </pre>
 *
 * An entry is aligned to its size, so it is read, and compared and exchanged, as one 64-bit {@link
 * #WORD}: whoever checks it checks flags, domain and frame of the same moment.
 */
public final class GrantEntryLayout {
  /** u16: what is granted, and whether it is in use. */
  public static final int FLAGS = 0;

  /** u16: the domain that it is granted to. */
  public static final int DOMAIN = FLAGS + Short.BYTES;

  /** u32: the granted page's frame number. */
  public static final int FRAME = DOMAIN + Short.BYTES;

  public static final int SIZE = FRAME + Integer.BYTES;

  /** The two low bits of the flags say what kind of entry it is; this one grants access. */
  public static final int PERMIT_ACCESS = 1;

  public static final int TYPE_MASK = 3;

  /** Written by the granter. */
  public static final int READ_ONLY = 1 << 2;

  /** Written by the hypervisor: the page is in use. */
  public static final int READING = 1 << 3;

  /** Written by the hypervisor: the page is in use, and may be written. */
  public static final int WRITING = 1 << 4;

  /** Version 2 only: nothing that an entry of version 1 can mean. */
  public static final int SUB_PAGE = 1 << 8;

  /** References below this one are kept for the toolstack (GNTTAB_NR_RESERVED_ENTRIES). */
  public static final int RESERVED_ENTRIES = 8;

  /** Coordinates: the segment that begins with the table, and {@link #at}. */
  public static final VarHandle WORD =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private static final int DOMAIN_SHIFT = DOMAIN * Byte.SIZE;
  private static final int FRAME_SHIFT = FRAME * Byte.SIZE;

  private GrantEntryLayout() {}

  /** The offset of an entry in the table. */
  public static long at(int reference) {
    return (long) reference * SIZE;
  }

  /** An entry's value from its fields. */
  public static long word(int flags, int domain, int frame) {
    return flags | (long) domain << DOMAIN_SHIFT | (long) frame << FRAME_SHIFT;
  }

  public static int flags(long word) {
    return (int) word & 0xFFFF;
  }

  public static int domain(long word) {
    return (int) (word >>> DOMAIN_SHIFT) & 0xFFFF;
  }

  /** Unsigned: compare it so. */
  public static int frame(long word) {
    return (int) (word >>> FRAME_SHIFT);
  }
}
