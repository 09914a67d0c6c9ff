package org.passerelle.link.wire;

import java.lang.foreign.MemorySegment;

/**
 * An ARP packet for IPv4 over Ethernet (RFC 826).
 *
 * <pre>
 *   0   hardware 1    2   protocol 0800   4  lengths 6, 4    6   operation
 *   8   sender MAC   14   sender IP      18  target MAC     24   target IP
 * </pre>
 *
 * @param operation {@link #REQUEST}, {@link #REPLY}, or another that the wire carried
 * @param senderIp IPv4, big-endian
 * @param targetIp IPv4, big-endian
 */
public record ArpPacket(
    int operation, MacAddress sender, int senderIp, MacAddress target, int targetIp) {
  public static final int REQUEST = 1;
  public static final int REPLY = 2;

  private static final int HARDWARE = 0;
  private static final int PROTOCOL = 2;
  private static final int LENGTHS = 4;
  private static final int OPERATION = 6;
  private static final int SENDER = 8;
  private static final int SENDER_IP = SENDER + MacAddress.LENGTH;
  private static final int TARGET = SENDER_IP + 4;
  private static final int TARGET_IP = TARGET + MacAddress.LENGTH;

  /** Octets of a packet. */
  public static final int LENGTH = TARGET_IP + 4;

  private static final int ETHERNET = 1;
  private static final int LENGTHS_6_4 = 0x0604;

  /**
   * What a host says to make switches and neighbours learn where it is now (RFC 5227 3, RFC 2002
   * 4.6): a request for its own address.
   */
  public static ArpPacket gratuitous(MacAddress sender, int ip) {
    return new ArpPacket(REQUEST, sender, ip, MacAddress.ZERO, ip);
  }

  /**
   * True when there is an ARP packet for IPv4 over Ethernet in the {@code length} octets: what
   * {@link #parse} wants.
   */
  public static boolean isValid(MemorySegment memory, long at, int length) {
    return length >= LENGTH
        && Octets.u16(memory, at + HARDWARE) == ETHERNET
        && Octets.u16(memory, at + PROTOCOL) == EtherType.IPV4
        && Octets.u16(memory, at + LENGTHS) == LENGTHS_6_4;
  }

  /** Reads a packet that {@link #isValid}. */
  public static ArpPacket parse(MemorySegment memory, long at) {
    return new ArpPacket(
        Octets.u16(memory, at + OPERATION),
        new MacAddress(Octets.u48(memory, at + SENDER)),
        Octets.i32(memory, at + SENDER_IP),
        new MacAddress(Octets.u48(memory, at + TARGET)),
        Octets.i32(memory, at + TARGET_IP));
  }

  /** Writes all {@link #LENGTH} octets. */
  public void emit(MemorySegment memory, long at) {
    Octets.put16(memory, at + HARDWARE, ETHERNET);
    Octets.put16(memory, at + PROTOCOL, EtherType.IPV4);
    Octets.put16(memory, at + LENGTHS, LENGTHS_6_4);
    Octets.put16(memory, at + OPERATION, operation);
    Octets.put48(memory, at + SENDER, sender.bits());
    Octets.put32(memory, at + SENDER_IP, senderIp);
    Octets.put48(memory, at + TARGET, target.bits());
    Octets.put32(memory, at + TARGET_IP, targetIp);
  }
}
