package org.passerelle.link.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The Internet checksum (RFC 1071). Sums are 16 bits, folded, as big-endian numbers; they add up by
 * {@link #add}, and {@link #finish} turns one into what goes into a header.
 */
public final class Checksum {
  private static final boolean SWAP = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private Checksum() {}

  /** The sum of {@code length} octets; an odd one at the end counts as if a zero followed. */
  public static int sum(MemorySegment memory, long at, long length) {
    // Byte order does not matter to a ones' complement sum but for the order of its two octets
    // (RFC 1071 2 B): add native words, swap once.
    long sum = 0;
    long end = at + length;
    long position = at;
    for (; position + 4 <= end; position += 4) {
      sum += memory.get(ValueLayout.JAVA_INT_UNALIGNED, position) & 0xFFFF_FFFFL;
    }
    int folded = fold(sum);
    if (SWAP) {
      folded = Short.toUnsignedInt(Short.reverseBytes((short) folded));
    }
    return add(folded, tail(memory, position, end));
  }

  private static int tail(MemorySegment memory, long from, long end) {
    int sum = 0;
    for (long position = from; position < end; position++) {
      int octet = Octets.u8(memory, position);
      sum += (position - from & 1) == 0 ? octet << 8 : octet;
    }
    return fold(sum);
  }

  /** The ones' complement sum of two sums. */
  public static int add(int one, int other) {
    return fold((long) one + other);
  }

  private static int fold(long sum) {
    long folded = (sum >>> 32) + (sum & 0xFFFF_FFFFL);
    folded = (folded >>> 16) + (folded & 0xFFFF);
    folded = (folded >>> 16) + (folded & 0xFFFF);
    return (int) ((folded >>> 16) + (folded & 0xFFFF));
  }

  /** The complement of a sum. */
  public static int finish(int sum) {
    return ~sum & 0xFFFF;
  }

  /**
   * A checksum after one 16-bit word under it has changed (RFC 1624, equation 3).
   *
   * @param checksum as in the header
   */
  public static int update(int checksum, int oldWord, int newWord) {
    return finish(add(add(finish(checksum), finish(oldWord)), newWord));
  }

  /**
   * Fills in a checksum whose field holds the pseudo header's sum. Never writes zero, which means
   * "no checksum" in UDP (RFC 768); its other representation is as good in TCP.
   *
   * @param at where the sum starts
   * @param length octets to sum
   * @param field where the checksum goes
   */
  public static void complete(MemorySegment memory, long at, long length, long field) {
    int checksum = finish(sum(memory, at, length));
    Octets.put16(memory, field, checksum == 0 ? 0xFFFF : checksum);
  }

  /** The sum of TCP's and UDP's pseudo header over IPv4 (RFC 9293 3.1). */
  static int pseudoHeaderV4(MemorySegment memory, long ip, int protocol, int length) {
    return add(sum(memory, ip + Ipv4.SOURCE, 8), add(protocol, length));
  }

  /** The sum of the pseudo header over IPv6 (RFC 8200 8.1). */
  static int pseudoHeaderV6(MemorySegment memory, long ip, int protocol, int length) {
    return add(sum(memory, ip + Ipv6.SOURCE, 2L * Ipv6.ADDRESS), add(protocol, length));
  }
}
