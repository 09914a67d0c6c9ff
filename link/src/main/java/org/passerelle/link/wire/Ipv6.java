package org.passerelle.link.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A view of an IPv6 header (RFC 8200 3) and its extension headers (4). The caller has made sure of
 * {@link #HEADER} octets.
 *
 * <pre>
 *   0    version, class, flow label
 *   4    payload length           6  next header | 7  hop limit
 *   8    source                   24   destination            40   next header's octets
 * </pre>
 */
public final class Ipv6 {
  private static final int VERSION_FLOW = 0;
  private static final int PAYLOAD_LENGTH = 4;
  private static final int NEXT_HEADER = 6;
  private static final int HOP_LIMIT = 7;
  static final int SOURCE = 8;
  static final int DESTINATION = 24;
  static final int ADDRESS = 16;

  /** Octets before the extension headers. */
  public static final int HEADER = 40;

  /** A fragment header: 8 octets, offset and the more bit in the 16 bits at 2 (RFC 8200 4.5). */
  private static final int FRAGMENT_OFFSET_FIELD = 2;

  private static final int FRAGMENT_OFFSET = 0xFFF8;

  private Ipv6() {}

  static int version(MemorySegment memory, long at) {
    return Octets.u8(memory, at + VERSION_FLOW) >>> 4;
  }

  static int payloadLength(MemorySegment memory, long at) {
    return Octets.u16(memory, at + PAYLOAD_LENGTH);
  }

  static int nextHeader(MemorySegment memory, long at) {
    return Octets.u8(memory, at + NEXT_HEADER);
  }

  static boolean isExtension(int nextHeader) {
    return switch (nextHeader) {
      case IpProtocol.HOP_BY_HOP,
          IpProtocol.ROUTING,
          IpProtocol.FRAGMENT,
          IpProtocol.AUTHENTICATION,
          IpProtocol.DESTINATION_OPTIONS ->
          true;
      default -> false;
    };
  }

  /** Octets of the extension header at {@code at}, whose first two octets are there. */
  static int extensionLength(MemorySegment memory, long at, int kind) {
    int units = Octets.u8(memory, at + 1);
    return switch (kind) {
      case IpProtocol.FRAGMENT -> 8;
      case IpProtocol.AUTHENTICATION -> (units + 2) * 4; // RFC 4302 2.2 counts in 32-bit words
      default -> (units + 1) * 8;
    };
  }

  static boolean isLaterFragment(MemorySegment memory, long at) {
    return (Octets.u16(memory, at + FRAGMENT_OFFSET_FIELD) & FRAGMENT_OFFSET) != 0;
  }

  /**
   * Writes a header: no extension headers, flow 0, hop limit 255 (what neighbour discovery asks
   * for, RFC 4861 7.1.1).
   *
   * @param source 16 octets
   * @param destination 16 octets
   * @param payload octets behind the header
   */
  public static void emit(
      MemorySegment memory,
      long at,
      byte[] source,
      byte[] destination,
      int nextHeader,
      int payload) {
    Octets.put32(memory, at + VERSION_FLOW, 6 << 28);
    Octets.put16(memory, at + PAYLOAD_LENGTH, payload);
    Octets.put8(memory, at + NEXT_HEADER, nextHeader);
    Octets.put8(memory, at + HOP_LIMIT, 255);
    MemorySegment.copy(source, 0, memory, ValueLayout.JAVA_BYTE, at + SOURCE, ADDRESS);
    MemorySegment.copy(destination, 0, memory, ValueLayout.JAVA_BYTE, at + DESTINATION, ADDRESS);
  }

  /** The address at {@code at} as RFC 5952 writes it. */
  static String text(MemorySegment memory, long at) {
    int gap = -1;
    int gapLength = 1; // one zero group alone is not shortened
    for (int group = 0; group < 8; group++) {
      int zeros = zeroGroups(memory, at, group);
      if (zeros > gapLength) {
        gap = group;
        gapLength = zeros;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int group = 0; group < 8; group++) {
      if (group == gap) {
        text.append("::");
        group += gapLength - 1;
        continue;
      }
      if (group > 0 && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(Octets.u16(memory, at + 2L * group)));
    }
    return text.toString();
  }

  private static int zeroGroups(MemorySegment memory, long at, int first) {
    int group = first;
    while (group < 8 && Octets.u16(memory, at + 2L * group) == 0) {
      group++;
    }
    return group - first;
  }
}
