package org.passerelle.link.wire;

import java.lang.foreign.MemorySegment;

/**
 * A frame in one line, for traces and for what a check says it saw: {@code 00:16:3e:00:00:01 >
 * ff:ff:ff:ff:ff:ff, length 42, ARP who-has 10.0.0.2 tell 10.0.0.1}. Says what it can of a broken
 * frame.
 */
public final class FrameText {
  private static final String TCP_FLAGS = "FSRP.UEW"; // lowest bit first, '.' is ACK as in tcpdump
  private static final int TCP_ACK = 0x10;

  private final MemorySegment memory;
  private final long at;
  private final Headers headers = new Headers();
  private final StringBuilder text = new StringBuilder();

  private FrameText(MemorySegment memory, long at) {
    this.memory = memory;
    this.at = at;
  }

  /** Describes the {@code length} octets at {@code at}. */
  public static String of(MemorySegment memory, long at, int length) {
    if (length < Ethernet.HEADER) {
      return "truncated Ethernet frame, length " + length;
    }
    return new FrameText(memory, at).describe(length);
  }

  private String describe(int length) {
    headers.parse(memory, at, length);
    text.append(new MacAddress(Ethernet.source(memory, at)))
        .append(" > ")
        .append(new MacAddress(Ethernet.destination(memory, at)))
        .append(", length ")
        .append(length)
        .append(", ");
    if (headers.tci() != Headers.NONE) {
      VlanTag tag = VlanTag.ofTci(headers.tci());
      text.append("vlan ").append(tag.vid());
      text.append(tag.priority() == 0 ? ", " : " p " + tag.priority() + ", ");
    }
    switch (headers.type()) {
      case EtherType.ARP -> arp(length);
      case EtherType.IPV4, EtherType.IPV6 -> ip();
      default -> ethertype();
    }
    return text.toString();
  }

  private void ethertype() {
    boolean isType = headers.type() >= EtherType.FIRST_TYPE;
    text.append(isType ? "ethertype 0x%04x".formatted(headers.type()) : "802.3");
  }

  private void arp(int length) {
    long packet = at + headers.network();
    if (!ArpPacket.isValid(memory, packet, length - headers.network())) {
      text.append("ARP, not for IPv4 over Ethernet");
      return;
    }
    ArpPacket arp = ArpPacket.parse(memory, packet);
    String sender = Ipv4.text(arp.senderIp());
    String target = Ipv4.text(arp.targetIp());
    text.append(
        switch (arp.operation()) {
          case ArpPacket.REQUEST -> "ARP who-has " + target + " tell " + sender;
          case ArpPacket.REPLY -> "ARP " + sender + " is-at " + arp.sender();
          default -> "ARP operation " + arp.operation();
        });
  }

  private void ip() {
    boolean v4 = headers.type() == EtherType.IPV4;
    text.append(v4 ? "IPv4" : "IPv6");
    if (headers.protocol() == Headers.NONE) {
      text.append(", malformed");
      return;
    }
    boolean ports = Transport.checksumOffset(headers.protocol()) != Headers.NONE;
    boolean whole = ports && headers.hasTransport(Transport.headerLength(headers.protocol()));
    long transport = at + headers.transport();
    text.append(' ').append(source(v4));
    text.append(whole ? ":" + Transport.sourcePort(memory, transport) : "").append(" > ");
    text.append(destination(v4));
    text.append(whole ? ":" + Transport.destinationPort(memory, transport) : "").append(": ");
    payload(whole);
    text.append(headers.fragment() ? ", fragment" : "");
  }

  private String source(boolean v4) {
    long ip = at + headers.network();
    return v4 ? Ipv4.text(Ipv4.source(memory, ip)) : Ipv6.text(memory, ip + Ipv6.SOURCE);
  }

  private String destination(boolean v4) {
    long ip = at + headers.network();
    return v4 ? Ipv4.text(Ipv4.destination(memory, ip)) : Ipv6.text(memory, ip + Ipv6.DESTINATION);
  }

  private void payload(boolean whole) {
    long transport = at + headers.transport();
    switch (headers.protocol()) {
      case IpProtocol.ICMP, IpProtocol.ICMPV6 -> icmp(transport);
      case IpProtocol.TCP -> {
        text.append("TCP");
        if (whole) {
          tcp(transport);
        }
      }
      case IpProtocol.UDP -> {
        text.append("UDP");
        if (whole) {
          payloadLength(Transport.UDP_HEADER);
        }
      }
      default -> text.append("protocol ").append(headers.protocol());
    }
  }

  private void icmp(long transport) {
    text.append(headers.protocol() == IpProtocol.ICMP ? "ICMP" : "ICMPv6");
    if (Echo.isValid(memory, at, headers)) {
      Echo echo = Echo.parse(memory, transport);
      text.append(echo.reply() ? " echo reply, id " : " echo request, id ")
          .append(echo.identifier())
          .append(", seq ")
          .append(echo.sequence());
    } else if (headers.hasTransport(2)) {
      text.append(" type ").append(Octets.u8(memory, transport));
      text.append(", code ").append(Octets.u8(memory, transport + 1));
    }
  }

  private void tcp(long transport) {
    int flags = Transport.tcpFlags(memory, transport);
    text.append(" [");
    for (int bit = 0; bit < 8; bit++) {
      if ((flags >>> bit & 1) != 0) {
        text.append(TCP_FLAGS.charAt(bit));
      }
    }
    text.append("], seq ").append(Transport.tcpSequence(memory, transport) & 0xFFFF_FFFFL);
    if ((flags & TCP_ACK) != 0) {
      text.append(", ack ").append(Transport.tcpAcknowledgement(memory, transport) & 0xFFFF_FFFFL);
    }
    payloadLength(Transport.tcpHeaderLength(memory, transport));
  }

  private void payloadLength(int header) {
    int payload = headers.end() - headers.transport() - header;
    text.append(payload < 0 ? ", malformed" : ", payload " + payload);
  }
}
