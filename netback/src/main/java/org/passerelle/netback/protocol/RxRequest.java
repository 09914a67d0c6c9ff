package org.passerelle.netback.protocol;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/**
 * A view of {@code netif_rx_request}: a page that the guest offers for what it receives.
 *
 * <pre>
 *    0        1        2        3        4        5        6        7
 *   +--------+--------+--------+--------+--------+--------+--------+--------+
 *   | id              | zero            | grant reference                   |
 *   +--------+--------+--------+--------+--------+--------+--------+--------+
 * </pre>
 */
public final class RxRequest {
  private static final int ID = 0;
  private static final int PADDING = ID + Short.BYTES;
  private static final int REFERENCE = PADDING + Short.BYTES;

  /** Bytes of an rx slot. */
  public static final int SIZE = REFERENCE + Integer.BYTES;

  private RxRequest() {}

  public static int id(MemorySegment slot, long at) {
    return Short.toUnsignedInt(slot.get(JAVA_SHORT, at + ID));
  }

  public static int reference(MemorySegment slot, long at) {
    return slot.get(JAVA_INT, at + REFERENCE);
  }

  /** Writes all bytes of the slot. */
  public static void write(MemorySegment slot, long at, int id, int reference) {
    slot.set(JAVA_SHORT, at + ID, (short) id);
    slot.set(JAVA_SHORT, at + PADDING, (short) 0);
    slot.set(JAVA_INT, at + REFERENCE, reference);
  }
}
