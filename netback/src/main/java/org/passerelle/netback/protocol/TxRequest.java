package org.passerelle.netback.protocol;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/**
 * A view of {@code netif_tx_request} of Xen's {@code io/netif.h}: a fragment of a frame that the
 * guest sends.
 *
 * <pre>
 *    0        1        2        3        4        5        6        7
 *   +--------+--------+--------+--------+--------+--------+--------+--------+
 *   | grant reference                   | offset in page  | flags           |
 *   +--------+--------+--------+--------+--------+--------+--------+--------+
 *   | id              | size            |
 *   +--------+--------+--------+--------+
 * </pre>
 *
 * The size in a frame's first slot is that of the whole frame: the first fragment is what the
 * others leave. Numbers are unsigned, in the host's byte order.
 */
public final class TxRequest {
  private static final int REFERENCE = 0;
  private static final int OFFSET = REFERENCE + Integer.BYTES;
  private static final int FLAGS = OFFSET + Short.BYTES;
  private static final int ID = FLAGS + Short.BYTES;
  private static final int LENGTH = ID + Short.BYTES;

  /** Bytes of a tx slot: the request is the larger of what it may carry. */
  public static final int SIZE = LENGTH + Short.BYTES;

  private TxRequest() {}

  public static int reference(MemorySegment slot, long at) {
    return slot.get(JAVA_INT, at + REFERENCE);
  }

  public static int offset(MemorySegment slot, long at) {
    return Short.toUnsignedInt(slot.get(JAVA_SHORT, at + OFFSET));
  }

  /** {@link TxFlags}. */
  public static int flags(MemorySegment slot, long at) {
    return Short.toUnsignedInt(slot.get(JAVA_SHORT, at + FLAGS));
  }

  public static int id(MemorySegment slot, long at) {
    return Short.toUnsignedInt(slot.get(JAVA_SHORT, at + ID));
  }

  public static int length(MemorySegment slot, long at) {
    return Short.toUnsignedInt(slot.get(JAVA_SHORT, at + LENGTH));
  }

  /** Writes all bytes of the slot. */
  public static void write(
      MemorySegment slot, long at, int reference, int offset, int flags, int id, int length) {
    slot.set(JAVA_INT, at + REFERENCE, reference);
    slot.set(JAVA_SHORT, at + OFFSET, (short) offset);
    slot.set(JAVA_SHORT, at + FLAGS, (short) flags);
    slot.set(JAVA_SHORT, at + ID, (short) id);
    slot.set(JAVA_SHORT, at + LENGTH, (short) length);
  }
}
