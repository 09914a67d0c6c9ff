package org.passerelle.scripts;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.passerelle.link.wire.EtherType;
import org.passerelle.link.wire.IpProtocol;
import org.passerelle.link.wire.MacAddress;

/** Frames octet by octet, right or wrong, as a guest with a raw socket makes them. */
final class RawFrames {
  static final int ICMP6_SOLICITATION = 135;
  static final int ICMP6_ADVERTISEMENT = 136;
  static final int ICMP6_ROUTER = 134;
  static final int ICMP6_ECHO = 128;

  static final int IPV6_FRAGMENT = 44;
  private static final int IPV6_OPTIONS = 60;
  private static final int SHORTEST = 60;

  private RawFrames() {}

  static byte[] join(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteBuffer all = ByteBuffer.allocate(length);
    for (byte[] part : parts) {
      all.put(part);
    }
    return all.array();
  }

  static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] words(int... words) {
    ByteBuffer all = ByteBuffer.allocate(2 * words.length);
    for (int word : words) {
      all.putShort((short) word);
    }
    return all.array();
  }

  static byte[] ethernet(MacAddress to, MacAddress from, int type, byte[] payload) {
    byte[] frame = join(to.octets(), from.octets(), words(type), payload);
    return join(frame, new byte[Math.max(0, SHORTEST - frame.length)]);
  }

  /** The same behind a tag. */
  static byte[] tagged(byte[] frame, int tagType, int vid) {
    ByteBuffer all = ByteBuffer.allocate(frame.length + 4);
    all.put(frame, 0, 12).put(words(tagType, vid)).put(frame, 12, frame.length - 12);
    return all.array();
  }

  /** ARP for Ethernet and IPv4 (RFC 826), with a text behind it. */
  static byte[] arp(int operation, MacAddress hw, InetAddress ip, InetAddress of, String text) {
    return join(
        words(1, EtherType.IPV4, 0x0604, operation),
        hw.octets(),
        ip.getAddress(),
        new byte[6],
        of.getAddress(),
        octets(text));
  }

  /**
   * An IPv4 packet (RFC 791).
   *
   * @param fragment the flag that more come, and the place in eights of octets
   */
  static byte[] ipv4(InetAddress from, InetAddress to, int protocol, int fragment, byte[] payload) {
    return ipv4(from, to, protocol, 7, fragment, payload);
  }

  /**
   * The same.
   *
   * @param datagram its number, by which its fragments are put together
   */
  static byte[] ipv4(
      InetAddress from, InetAddress to, int protocol, int datagram, int fragment, byte[] payload) {
    byte[] header =
        join(
            words(0x4500, 20 + payload.length, datagram, fragment, 64 << 8 | protocol, 0),
            from.getAddress(),
            to.getAddress());
    put(header, 10, sum(header));
    return join(header, payload);
  }

  static byte[] ipv6(InetAddress from, InetAddress to, int next, int hops, byte[] payload) {
    return join(
        words(0x6000, 0, payload.length, next << 8 | hops),
        from.getAddress(),
        to.getAddress(),
        payload);
  }

  /** UDP with its checksum, for either family. */
  static byte[] udp(InetAddress from, InetAddress to, int source, int target, String text) {
    byte[] datagram = join(words(source, target, 8 + text.length(), 0), octets(text));
    put(datagram, 6, sum(join(pseudo(from, to, IpProtocol.UDP, datagram.length), datagram)));
    return datagram;
  }

  /** An ICMP message (RFC 792): type, four octets, then the rest. */
  static byte[] icmp4(int type, byte[] rest) {
    byte[] message = join(words(type << 8, 0, 0, 0), rest);
    put(message, 2, sum(message));
    return message;
  }

  /** An ICMPv6 message: type, four octets, then the rest. */
  static byte[] icmp6(InetAddress from, InetAddress to, int type, byte[] rest) {
    byte[] message = join(words(type << 8, 0, 0, 0), rest);
    put(message, 2, sum(join(pseudo(from, to, IpProtocol.ICMPV6, message.length), message)));
    return message;
  }

  /** An option of neighbour discovery that nobody knows (RFC 4727), with 16 octets of text. */
  static byte[] option(String text) {
    return join(new byte[] {(byte) 253, 3}, octets(text), new byte[22 - text.length()]);
  }

  /** IPv6's fragment header, and what is behind it. */
  static byte[] fragment6(int next, int place, boolean more, byte[] payload) {
    return join(words(next << 8, place << 3 | (more ? 1 : 0), 0, 7), payload);
  }

  /** Destination options that mean nothing: 24 octets, 16 of them text. */
  static byte[] options(int next, String text) {
    return join(new byte[] {(byte) next, 2, 1, 20}, octets(text), new byte[20 - text.length()]);
  }

  /** A fragment of an IPv6 packet. */
  static byte[] ipv6Fragment(
      InetAddress from, InetAddress to, int next, int place, boolean more, byte[] payload) {
    return ipv6(from, to, IPV6_FRAGMENT, 64, fragment6(next, place, more, payload));
  }

  static int optionsProtocol() {
    return IPV6_OPTIONS;
  }

  private static byte[] pseudo(InetAddress from, InetAddress to, int protocol, int length) {
    return join(from.getAddress(), to.getAddress(), words(0, length, 0, protocol));
  }

  private static void put(byte[] octets, int at, int word) {
    ByteBuffer.wrap(octets).putShort(at, (short) word);
  }

  /** The complement of the one's complement sum (RFC 1071). */
  private static int sum(byte[] octets) {
    ByteBuffer words = ByteBuffer.wrap(join(octets, new byte[octets.length & 1]));
    int sum = 0;
    while (words.hasRemaining()) {
      sum += words.getShort() & 0xFFFF;
    }
    sum = (sum & 0xFFFF) + (sum >>> 16);
    return ~(sum + (sum >>> 16)) & 0xFFFF;
  }
}
