package org.passerelle.netback.protocol;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/**
 * A view of {@code netif_extra_info}: what is to be known of a frame beside its bytes. It takes up
 * a slot of its own behind the frame's first, in either ring.
 *
 * <pre>
 *    0        1        2        3        4        5        6        7
 *   +--------+--------+--------+--------+--------+--------+--------+--------+
 *   | type    | flags  | GSO: segment size| type   | zero   | features, zero |
 *   +--------+--------+--------+--------+--------+--------+--------+--------+
 * </pre>
 */
public final class ExtraInfo {
  public static final int TYPE_GSO = 1;
  public static final int TYPE_MCAST_ADD = 2;
  public static final int TYPE_MCAST_DEL = 3;
  public static final int TYPE_HASH = 4;
  public static final int TYPE_XDP = 5;

  /** Another extra info follows. */
  public static final int FLAG_MORE = 1;

  public static final int GSO_TCP_V4 = 1;
  public static final int GSO_TCP_V6 = 2;

  private static final int TYPE = 0;
  private static final int FLAGS = TYPE + Byte.BYTES;
  private static final int GSO_SIZE = FLAGS + Byte.BYTES;
  private static final int GSO_TYPE = GSO_SIZE + Short.BYTES;
  private static final int GSO_PADDING = GSO_TYPE + Byte.BYTES;
  private static final int GSO_FEATURES = GSO_PADDING + Byte.BYTES;
  private static final int END = GSO_FEATURES + Short.BYTES;

  private ExtraInfo() {}

  public static int type(MemorySegment slot, long at) {
    return Byte.toUnsignedInt(slot.get(JAVA_BYTE, at + TYPE));
  }

  /** Whether the type is one that the protocol knows. */
  public static boolean isKnown(int type) {
    return type >= TYPE_GSO && type <= TYPE_XDP;
  }

  public static boolean more(MemorySegment slot, long at) {
    return (slot.get(JAVA_BYTE, at + FLAGS) & FLAG_MORE) != 0;
  }

  public static int gsoSize(MemorySegment slot, long at) {
    return Short.toUnsignedInt(slot.get(JAVA_SHORT, at + GSO_SIZE));
  }

  public static int gsoType(MemorySegment slot, long at) {
    return Byte.toUnsignedInt(slot.get(JAVA_BYTE, at + GSO_TYPE));
  }

  /** Writes a GSO extra, the last one, over a whole slot of {@code slotSize} bytes. */
  public static void writeGso(MemorySegment slot, long at, int slotSize, int type, int size) {
    slot.set(JAVA_BYTE, at + TYPE, (byte) TYPE_GSO);
    slot.set(JAVA_BYTE, at + FLAGS, (byte) 0);
    slot.set(JAVA_SHORT, at + GSO_SIZE, (short) size);
    slot.set(JAVA_BYTE, at + GSO_TYPE, (byte) type);
    slot.set(JAVA_BYTE, at + GSO_PADDING, (byte) 0);
    slot.set(JAVA_SHORT, at + GSO_FEATURES, (short) 0);
    for (int rest = END; rest < slotSize; rest++) {
      slot.set(JAVA_BYTE, at + rest, (byte) 0);
    }
  }
}
