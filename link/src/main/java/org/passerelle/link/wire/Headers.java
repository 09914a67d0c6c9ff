package org.passerelle.link.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Finds a frame's headers: tags, network header, extension headers, transport header. Reused for
 * frame after frame. Believes no length that the frame claims beyond its octets, and never throws
 * on what is in a frame.
 */
public final class Headers {
  /** Stands for an offset or a number that the frame does not have. */
  public static final int NONE = -1;

  /** A frame with more tags than this is looked into no further. */
  private static final int MOST_TAGS = 2;

  private MemorySegment memory = MemorySegment.NULL;
  private long start;
  private int length;
  private int tci;
  private int type;
  private int network;
  private int protocol;
  private int transport;
  private int end;
  private boolean fragment;

  /**
   * Looks at {@code frameLength} octets at {@code at}; afterwards the others tell what there is.
   */
  public void parse(MemorySegment frame, long at, int frameLength) {
    memory = frame;
    start = at;
    length = frameLength;
    tci = NONE;
    type = NONE;
    network = NONE;
    protocol = NONE;
    transport = NONE;
    end = frameLength;
    fragment = false;
    if (frameLength >= Ethernet.HEADER) {
      parseTags();
      parseNetwork();
    }
  }

  /** The outermost tag's control information, or {@link #NONE}. */
  public int tci() {
    return tci;
  }

  /** The EtherType behind the tags, {@link #NONE} when the frame is too short. */
  public int type() {
    return type;
  }

  /** Where the octets behind the Ethernet header and its tags begin, counted from the frame's. */
  public int network() {
    return network;
  }

  /** The IP protocol behind the extension headers, or {@link #NONE}. */
  public int protocol() {
    return protocol;
  }

  /**
   * Where the transport header begins; {@link #NONE} in what is not IP, in nonsense, and in a later
   * fragment.
   */
  public int transport() {
    return transport;
  }

  /** Where the IP packet ends: Ethernet's padding is behind it. Never behind the frame's end. */
  public int end() {
    return end;
  }

  /** True for a part of an IP datagram that was cut up. */
  public boolean fragment() {
    return fragment;
  }

  /** The IP packet's source; empty in what is not IP, and in nonsense. */
  public Optional<InetAddress> sourceAddress() {
    return address(Ipv4.SOURCE, Ipv6.SOURCE);
  }

  /** The IP packet's destination. */
  public Optional<InetAddress> destinationAddress() {
    return address(Ipv4.DESTINATION, Ipv6.DESTINATION);
  }

  private Optional<InetAddress> address(int inV4, int inV6) {
    if (protocol == NONE) {
      return Optional.empty();
    }
    boolean v4 = type == EtherType.IPV4;
    byte[] octets = new byte[v4 ? 4 : 16];
    long from = start + network + (v4 ? inV4 : inV6);
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, from, octets, 0, octets.length);
    try {
      return Optional.of(InetAddress.getByAddress(octets));
    } catch (UnknownHostException e) {
      throw new AssertionError(e); // only for other lengths
    }
  }

  /** True when {@code octets} of transport header are there. */
  public boolean hasTransport(int octets) {
    return transport != NONE && transport + octets <= end;
  }

  /** The sum of the pseudo header for the transport header that was found. */
  public int pseudoHeaderSum() {
    int covered = end - transport;
    return type == EtherType.IPV4
        ? Checksum.pseudoHeaderV4(memory, start + network, protocol, covered)
        : Checksum.pseudoHeaderV6(memory, start + network, protocol, covered);
  }

  private void parseTags() {
    int outer = Ethernet.type(memory, start);
    network = Ethernet.HEADER;
    type = outer;
    if (EtherType.isTag(outer) && length >= Ethernet.TAGGED_HEADER) {
      tci = Ethernet.tci(memory, start);
    }
    for (int tag = 0; tag < MOST_TAGS && EtherType.isTag(type); tag++) {
      if (network + Ethernet.TAG > length) {
        return;
      }
      network += Ethernet.TAG;
      type = Octets.u16(memory, start + network - 2);
    }
  }

  private void parseNetwork() {
    if (type == EtherType.IPV4 && network + Ipv4.HEADER <= length) {
      parseIpv4(start + network);
    } else if (type == EtherType.IPV6 && network + Ipv6.HEADER <= length) {
      parseIpv6(start + network);
    }
  }

  private void parseIpv4(long ip) {
    int headerLength = Ipv4.headerLength(memory, ip);
    int totalLength = Ipv4.totalLength(memory, ip);
    if (Ipv4.version(memory, ip) != 4
        || headerLength < Ipv4.HEADER
        || totalLength < headerLength
        || network + headerLength > length) {
      return;
    }
    end = Math.min(length, network + totalLength);
    protocol = Ipv4.protocol(memory, ip);
    fragment = Ipv4.isFragment(memory, ip);
    if (!Ipv4.isLaterFragment(memory, ip)) {
      transport = network + headerLength;
    }
  }

  private void parseIpv6(long ip) {
    if (Ipv6.version(memory, ip) != 6) {
      return;
    }
    end = Math.min(length, network + Ipv6.HEADER + Ipv6.payloadLength(memory, ip));
    int next = Ipv6.nextHeader(memory, ip);
    int position = network + Ipv6.HEADER;
    boolean later = false;
    while (Ipv6.isExtension(next) && !later) {
      if (position + 8 > end) {
        return;
      }
      if (next == IpProtocol.FRAGMENT) {
        fragment = true;
        later = Ipv6.isLaterFragment(memory, start + position);
      }
      int kind = next;
      next = Octets.u8(memory, start + position);
      position += Ipv6.extensionLength(memory, start + position, kind);
    }
    protocol = next;
    if (!later && position <= end) {
      transport = position;
    }
  }
}
