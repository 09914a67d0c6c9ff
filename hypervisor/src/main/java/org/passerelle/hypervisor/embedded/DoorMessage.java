package org.passerelle.hypervisor.embedded;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A request at a domain's door, or its reply; the package's documentation says what they mean. All
 * fields are little-endian.
 *
 * <pre>
 *   0        4        8        12       16       20       24
 *   +--------+--------+--------+--------+--------+--------+
 *   | type   | status | word 0 | word 1 | word 2 | word 3 |
 *   +--------+--------+--------+--------+--------+--------+
 * </pre>
 *
 * @param type any bits; {@link #HELLO} and so on
 * @param status 0, or in a reply -errno
 */
record DoorMessage(int type, int status, int word0, int word1, int word2, int word3) {
  static final int VERSION = 1;

  static final int HELLO = 1;
  static final int ALLOCATE_UNBOUND = 2;
  static final int CLOSE = 3;

  private static final int TYPE = 0;
  private static final int STATUS = TYPE + Integer.BYTES;
  private static final int WORD_0 = STATUS + Integer.BYTES;
  private static final int WORD_1 = WORD_0 + Integer.BYTES;
  private static final int WORD_2 = WORD_1 + Integer.BYTES;
  private static final int WORD_3 = WORD_2 + Integer.BYTES;
  static final int SIZE = WORD_3 + Integer.BYTES;

  private static final ValueLayout.OfInt WORD =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static DoorMessage request(int type, int word0) {
    return new DoorMessage(type, 0, word0, 0, 0, 0);
  }

  DoorMessage reply(int word) {
    return new DoorMessage(type, 0, word, 0, 0, 0);
  }

  /**
   * @param errno Linux's, positive
   */
  DoorMessage refusal(int errno) {
    return new DoorMessage(type, -errno, 0, 0, 0, 0);
  }

  /** What {@link #SIZE} octets say. */
  static DoorMessage parse(MemorySegment octets) {
    return new DoorMessage(
        octets.get(WORD, TYPE),
        octets.get(WORD, STATUS),
        octets.get(WORD, WORD_0),
        octets.get(WORD, WORD_1),
        octets.get(WORD, WORD_2),
        octets.get(WORD, WORD_3));
  }

  void emit(MemorySegment into) {
    into.set(WORD, TYPE, type);
    into.set(WORD, STATUS, status);
    into.set(WORD, WORD_0, word0);
    into.set(WORD, WORD_1, word1);
    into.set(WORD, WORD_2, word2);
    into.set(WORD, WORD_3, word3);
  }
}
