package org.passerelle.link.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Unsigned numbers in network byte order at any offset. */
final class Octets {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private Octets() {}

  static int u8(MemorySegment memory, long at) {
    return memory.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
  }

  static int u16(MemorySegment memory, long at) {
    return memory.get(SHORT, at) & 0xFFFF;
  }

  /** Thirty-two bits; negative above 2^31. */
  static int i32(MemorySegment memory, long at) {
    return memory.get(INT, at);
  }

  static long u48(MemorySegment memory, long at) {
    return (long) u16(memory, at) << 32 | i32(memory, at + 2) & 0xFFFF_FFFFL;
  }

  static void put8(MemorySegment memory, long at, int value) {
    memory.set(ValueLayout.JAVA_BYTE, at, (byte) value);
  }

  static void put16(MemorySegment memory, long at, int value) {
    memory.set(SHORT, at, (short) value);
  }

  static void put32(MemorySegment memory, long at, int value) {
    memory.set(INT, at, value);
  }

  static void put48(MemorySegment memory, long at, long value) {
    put16(memory, at, (int) (value >>> 32));
    put32(memory, at + 2, (int) value);
  }
}
