package org.passerelle.link.wire;

import java.lang.foreign.MemorySegment;

/**
 * An echo message's header, of ICMP (RFC 792) or ICMPv6 (RFC 4443 4.1); the payload follows it.
 *
 * <pre>
 *   0  type | 1  code 0   2  checksum   4  identifier   6  sequence   8  payload
 * </pre>
 *
 * @param reply false for a request
 * @param identifier 16 bits
 * @param sequence 16 bits
 */
public record Echo(boolean reply, int identifier, int sequence) {
  private static final int TYPE = 0;
  private static final int CODE = 1;
  private static final int CHECKSUM = 2;
  private static final int IDENTIFIER = 4;
  private static final int SEQUENCE = 6;

  /** Octets before the payload. */
  public static final int HEADER = 8;

  private static final int V4_REPLY = 0;
  private static final int V4_REQUEST = 8;
  private static final int V6_REQUEST = 128;
  private static final int V6_REPLY = 129;

  public Echo {
    if (identifier >>> 16 != 0 || sequence >>> 16 != 0) {
      throw new IllegalArgumentException(
          "echo with identifier=" + identifier + " sequence=" + sequence);
    }
  }

  /**
   * True when the transport header that was found is an echo message: what {@link #parse} wants.
   */
  public static boolean isValid(MemorySegment memory, long frame, Headers headers) {
    if (!headers.hasTransport(HEADER)) {
      return false;
    }
    int type = Octets.u8(memory, frame + headers.transport() + TYPE);
    int code = Octets.u8(memory, frame + headers.transport() + CODE);
    return code == 0
        && switch (headers.protocol()) {
          case IpProtocol.ICMP -> type == V4_REQUEST || type == V4_REPLY;
          case IpProtocol.ICMPV6 -> type == V6_REQUEST || type == V6_REPLY;
          default -> false;
        };
  }

  /** Reads the message at {@code at}, which {@link #isValid}. */
  public static Echo parse(MemorySegment memory, long at) {
    int type = Octets.u8(memory, at + TYPE);
    return new Echo(
        type == V4_REPLY || type == V6_REPLY,
        Octets.u16(memory, at + IDENTIFIER),
        Octets.u16(memory, at + SEQUENCE));
  }

  /** Writes an ICMP message's header; its {@code payload} octets are there already. */
  public void emitV4(MemorySegment memory, long at, int payload) {
    emit(memory, at, reply ? V4_REPLY : V4_REQUEST);
    finish(memory, at, payload, 0);
  }

  /**
   * Writes an ICMPv6 message's header; its {@code payload} octets and the IPv6 header at {@code ip}
   * are there already.
   */
  public void emitV6(MemorySegment memory, long at, int payload, long ip) {
    emit(memory, at, reply ? V6_REPLY : V6_REQUEST);
    int length = HEADER + payload;
    finish(memory, at, payload, Checksum.pseudoHeaderV6(memory, ip, IpProtocol.ICMPV6, length));
  }

  private void emit(MemorySegment memory, long at, int type) {
    Octets.put8(memory, at + TYPE, type);
    Octets.put8(memory, at + CODE, 0);
    Octets.put16(memory, at + CHECKSUM, 0);
    Octets.put16(memory, at + IDENTIFIER, identifier);
    Octets.put16(memory, at + SEQUENCE, sequence);
  }

  private static void finish(MemorySegment memory, long at, int payload, int pseudoHeader) {
    int sum = Checksum.add(Checksum.sum(memory, at, (long) HEADER + payload), pseudoHeader);
    Octets.put16(memory, at + CHECKSUM, Checksum.finish(sum));
  }
}
