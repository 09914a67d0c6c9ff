package org.passerelle.link.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A view of {@code struct virtio_net_hdr} (virtio 1.2, 5.1.6; Linux
 * include/uapi/linux/virtio_net.h), which a tap with IFF_VNET_HDR and a packet socket with
 * PACKET_VNET_HDR put before each frame. Both use the host's byte order unless told otherwise.
 *
 * <pre>
 *   0  flags u8 | 1  gso_type u8   2  hdr_len u16   4  gso_size u16
 *   6  csum_start u16              8  csum_offset u16
 * </pre>
 */
public final class VnetHeader {
  private static final int FLAGS = 0;
  private static final int GSO_TYPE = 1;
  private static final int HEADER_LENGTH = 2;
  private static final int GSO_SIZE = 4;
  private static final int CHECKSUM_START = 6;
  private static final int CHECKSUM_OFFSET = 8;

  /** Octets of the header. */
  public static final int LENGTH = 10;

  /** Flag: the checksum is to be filled in, by csum_start and csum_offset. */
  public static final int NEEDS_CHECKSUM = 1;

  /** Flag: the checksum was looked at and is right. */
  public static final int DATA_VALID = 2;

  public static final int GSO_NONE = 0;
  public static final int GSO_TCP_V4 = 1;
  public static final int GSO_TCP_V6 = 4;

  /** A bit beside the type: the first segment alone has TCP's CWR set. */
  public static final int GSO_ECN = 0x80;

  private VnetHeader() {}

  public static int flags(MemorySegment memory, long at) {
    return Octets.u8(memory, at + FLAGS);
  }

  public static int gsoType(MemorySegment memory, long at) {
    return Octets.u8(memory, at + GSO_TYPE);
  }

  public static int gsoSize(MemorySegment memory, long at) {
    return u16(memory, at + GSO_SIZE);
  }

  /** Octets of the headers that each segment gets a copy of. */
  public static int headerLength(MemorySegment memory, long at) {
    return u16(memory, at + HEADER_LENGTH);
  }

  /** Where the checksum starts to count, from the frame's first octet. */
  public static int checksumStart(MemorySegment memory, long at) {
    return u16(memory, at + CHECKSUM_START);
  }

  /** Where the checksum goes, from {@link #checksumStart}. */
  public static int checksumOffset(MemorySegment memory, long at) {
    return u16(memory, at + CHECKSUM_OFFSET);
  }

  /** A header that says nothing about the frame but the flags. */
  public static void emitPlain(MemorySegment memory, long at, int flags) {
    emitGso(memory, at, GSO_NONE, 0, 0);
    emitChecksum(memory, at, flags, 0, 0);
  }

  /** Writes flags, csum_start and csum_offset. */
  public static void emitChecksum(MemorySegment memory, long at, int flags, int start, int offset) {
    Octets.put8(memory, at + FLAGS, flags);
    put16(memory, at + CHECKSUM_START, start);
    put16(memory, at + CHECKSUM_OFFSET, offset);
  }

  /** Writes gso_type, hdr_len and gso_size. */
  public static void emitGso(
      MemorySegment memory, long at, int type, int headerLength, int segmentSize) {
    Octets.put8(memory, at + GSO_TYPE, type);
    put16(memory, at + HEADER_LENGTH, headerLength);
    put16(memory, at + GSO_SIZE, segmentSize);
  }

  /**
   * Follows a frame whose headers have become {@code octets} longer at the front: a tag went in.
   */
  public static void shift(MemorySegment memory, long at, int octets) {
    if ((flags(memory, at) & NEEDS_CHECKSUM) != 0) {
      put16(memory, at + CHECKSUM_START, checksumStart(memory, at) + octets);
    }
    if (gsoType(memory, at) != GSO_NONE) {
      put16(memory, at + HEADER_LENGTH, headerLength(memory, at) + octets);
    }
  }

  private static int u16(MemorySegment memory, long at) {
    return memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) & 0xFFFF;
  }

  private static void put16(MemorySegment memory, long at, int value) {
    memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) value);
  }
}
