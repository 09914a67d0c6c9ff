package org.passerelle.netback.protocol;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/**
 * A view of {@code netif_tx_response}: a fragment's page is the guest's again.
 *
 * <pre>
 *    0        1        2        3        4                                12
 *   +--------+--------+--------+--------+--------------------------------+
 *   | id              | status, signed  | rest of the slot, zero         |
 *   +--------+--------+--------+--------+--------------------------------+
 * </pre>
 */
public final class TxResponse {
  private static final int ID = 0;
  private static final int STATUS = ID + Short.BYTES;
  private static final int REST = STATUS + Short.BYTES;

  private TxResponse() {}

  public static int id(MemorySegment slot, long at) {
    return Short.toUnsignedInt(slot.get(JAVA_SHORT, at + ID));
  }

  /** {@link NetifStatus}. */
  public static int status(MemorySegment slot, long at) {
    return slot.get(JAVA_SHORT, at + STATUS);
  }

  /** Writes the whole slot: what it held before leaks to nobody (XSA-216's lesson). */
  public static void write(MemorySegment slot, long at, int id, int status) {
    slot.set(JAVA_SHORT, at + ID, (short) id);
    slot.set(JAVA_SHORT, at + STATUS, (short) status);
    slot.set(JAVA_INT, at + REST, 0);
    slot.set(JAVA_INT, at + REST + Integer.BYTES, 0);
  }
}
