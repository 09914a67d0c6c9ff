package org.passerelle.link.wire;

import java.lang.foreign.MemorySegment;

/**
 * A view of the parts of TCP's (RFC 9293 3.1) and UDP's (RFC 768) headers that we look at. Offsets
 * are from the header's first octet.
 *
 * <pre>
 *   TCP  0 source port  2 destination port  4 sequence  8 acknowledgement
 *        12 data offset (4 bits), flags  14 window  16 checksum  18 urgent  20 options
 *   UDP  0 source port  2 destination port  4 length  6 checksum
 * </pre>
 */
public final class Transport {
  private static final int SOURCE_PORT = 0;
  private static final int DESTINATION_PORT = 2;
  private static final int TCP_SEQUENCE = 4;
  private static final int TCP_ACKNOWLEDGEMENT = 8;
  private static final int TCP_DATA_OFFSET = 12;
  private static final int TCP_FLAGS = 13;
  private static final int TCP_CHECKSUM = 16;
  private static final int UDP_CHECKSUM = 6;

  /** Octets of a TCP header without options. */
  public static final int TCP_HEADER = 20;

  public static final int UDP_HEADER = 8;

  private Transport() {}

  /**
   * Where the checksum lies in the protocol's header; {@link Headers#NONE} if it has none of ours.
   */
  public static int checksumOffset(int protocol) {
    return switch (protocol) {
      case IpProtocol.TCP -> TCP_CHECKSUM;
      case IpProtocol.UDP -> UDP_CHECKSUM;
      default -> Headers.NONE;
    };
  }

  /** Octets that the protocol's header has at least. */
  public static int headerLength(int protocol) {
    return protocol == IpProtocol.TCP ? TCP_HEADER : UDP_HEADER;
  }

  /** Octets of a TCP header with its options, as it claims: below 20 in nonsense. */
  public static int tcpHeaderLength(MemorySegment memory, long at) {
    return (Octets.u8(memory, at + TCP_DATA_OFFSET) >>> 4) * 4;
  }

  /** Writes the checksum field. */
  public static void checksum(MemorySegment memory, long at, int protocol, int value) {
    Octets.put16(memory, at + checksumOffset(protocol), value);
  }

  static int sourcePort(MemorySegment memory, long at) {
    return Octets.u16(memory, at + SOURCE_PORT);
  }

  static int destinationPort(MemorySegment memory, long at) {
    return Octets.u16(memory, at + DESTINATION_PORT);
  }

  static int tcpFlags(MemorySegment memory, long at) {
    return Octets.u8(memory, at + TCP_FLAGS);
  }

  static int tcpSequence(MemorySegment memory, long at) {
    return Octets.i32(memory, at + TCP_SEQUENCE);
  }

  static int tcpAcknowledgement(MemorySegment memory, long at) {
    return Octets.i32(memory, at + TCP_ACKNOWLEDGEMENT);
  }
}
