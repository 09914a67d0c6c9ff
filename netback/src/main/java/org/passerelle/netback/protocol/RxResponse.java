package org.passerelle.netback.protocol;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/**
 * A view of {@code netif_rx_response}: a page that the backend has filled. It lies in the slot of
 * the request that offered the page.
 *
 * <pre>
 *    0        1        2        3        4        5        6        7
 *   +--------+--------+--------+--------+--------+--------+--------+--------+
 *   | id              | offset in page  | flags           | status, signed  |
 *   +--------+--------+--------+--------+--------+--------+--------+--------+
 * </pre>
 *
 * A status of 0 or more is the fragment's length; less is an error.
 */
public final class RxResponse {
  private static final int ID = 0;
  private static final int OFFSET = ID + Short.BYTES;
  private static final int FLAGS = OFFSET + Short.BYTES;
  private static final int STATUS = FLAGS + Short.BYTES;

  private RxResponse() {}

  public static int id(MemorySegment slot, long at) {
    return Short.toUnsignedInt(slot.get(JAVA_SHORT, at + ID));
  }

  public static int offset(MemorySegment slot, long at) {
    return Short.toUnsignedInt(slot.get(JAVA_SHORT, at + OFFSET));
  }

  /** {@link RxFlags}. */
  public static int flags(MemorySegment slot, long at) {
    return Short.toUnsignedInt(slot.get(JAVA_SHORT, at + FLAGS));
  }

  public static int status(MemorySegment slot, long at) {
    return slot.get(JAVA_SHORT, at + STATUS);
  }

  /** Writes all bytes of the slot. */
  public static void write(MemorySegment slot, long at, int id, int offset, int flags, int status) {
    slot.set(JAVA_SHORT, at + ID, (short) id);
    slot.set(JAVA_SHORT, at + OFFSET, (short) offset);
    slot.set(JAVA_SHORT, at + FLAGS, (short) flags);
    slot.set(JAVA_SHORT, at + STATUS, (short) status);
  }
}
