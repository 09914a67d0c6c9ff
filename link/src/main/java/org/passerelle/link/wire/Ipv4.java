package org.passerelle.link.wire;

import java.lang.foreign.MemorySegment;

/**
 * A view of an IPv4 header (RFC 791 3.1). Offsets are from the header's first octet; the caller has
 * made sure of {@link #HEADER} octets.
 *
 * <pre>
 *   0    version, IHL | service   2    total length
 *   4    identification           6    flags, fragment offset
 *   8    TTL | 9  protocol        10   header checksum
 *   12   source                   16   destination            20   options
 * </pre>
 */
public final class Ipv4 {
  private static final int VERSION_IHL = 0;
  private static final int SERVICE = 1;
  private static final int TOTAL_LENGTH = 2;
  private static final int IDENTIFICATION = 4;
  private static final int FRAGMENT = 6;
  private static final int TTL = 8;
  private static final int PROTOCOL = 9;
  private static final int CHECKSUM = 10;
  static final int SOURCE = 12;
  static final int DESTINATION = 16;

  /** Octets of a header without options. */
  public static final int HEADER = 20;

  private static final int DO_NOT_FRAGMENT = 0x4000;
  private static final int MORE_FRAGMENTS = 0x2000;
  private static final int FRAGMENT_OFFSET = 0x1FFF;

  private Ipv4() {}

  static int version(MemorySegment memory, long at) {
    return Octets.u8(memory, at + VERSION_IHL) >>> 4;
  }

  /** Octets of the header with its options, as it claims: below 20 in nonsense. */
  static int headerLength(MemorySegment memory, long at) {
    return (Octets.u8(memory, at + VERSION_IHL) & 15) * 4;
  }

  static int totalLength(MemorySegment memory, long at) {
    return Octets.u16(memory, at + TOTAL_LENGTH);
  }

  static int protocol(MemorySegment memory, long at) {
    return Octets.u8(memory, at + PROTOCOL);
  }

  /** True for each part of a datagram that was cut up. */
  static boolean isFragment(MemorySegment memory, long at) {
    return (Octets.u16(memory, at + FRAGMENT) & (MORE_FRAGMENTS | FRAGMENT_OFFSET)) != 0;
  }

  /** True for a part that has no transport header of its own. */
  static boolean isLaterFragment(MemorySegment memory, long at) {
    return (Octets.u16(memory, at + FRAGMENT) & FRAGMENT_OFFSET) != 0;
  }

  public static int source(MemorySegment memory, long at) {
    return Octets.i32(memory, at + SOURCE);
  }

  public static int destination(MemorySegment memory, long at) {
    return Octets.i32(memory, at + DESTINATION);
  }

  /**
   * Writes a header without options, its checksum done: unfragmented, TTL 64.
   *
   * @param payload octets behind the header
   */
  public static void emit(
      MemorySegment memory, long at, int source, int destination, int protocol, int payload) {
    Octets.put8(memory, at + VERSION_IHL, 4 << 4 | HEADER / 4);
    Octets.put8(memory, at + SERVICE, 0);
    Octets.put16(memory, at + TOTAL_LENGTH, HEADER + payload);
    Octets.put16(memory, at + IDENTIFICATION, 0);
    Octets.put16(memory, at + FRAGMENT, DO_NOT_FRAGMENT);
    Octets.put8(memory, at + TTL, 64);
    Octets.put8(memory, at + PROTOCOL, protocol);
    Octets.put16(memory, at + CHECKSUM, 0);
    Octets.put32(memory, at + SOURCE, source);
    Octets.put32(memory, at + DESTINATION, destination);
    Octets.put16(memory, at + CHECKSUM, Checksum.finish(Checksum.sum(memory, at, HEADER)));
  }

  static String text(int address) {
    return (address >>> 24)
        + "."
        + (address >>> 16 & 0xFF)
        + "."
        + (address >>> 8 & 0xFF)
        + "."
        + (address & 0xFF);
  }
}
