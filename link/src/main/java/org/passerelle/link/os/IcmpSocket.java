package org.passerelle.link.os;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Echo requests and replies of ICMP (RFC 792) or ICMPv6 (RFC 4443) on a raw socket, in the network
 * namespace of the thread that opened it. A raw socket sees every reply that reaches the namespace:
 * tell ours by identifier and payload. Not thread safe.
 *
 * <pre>
 *   0       1       2           4             6           8
 *   | type  | code  | checksum  | identifier  | sequence  | payload
 * </pre>
 */
public final class IcmpSocket implements AutoCloseable {
  private static final int IPPROTO_ICMP = 1;
  private static final int IPPROTO_ICMPV6 = 58;
  private static final int HEADER = 8;
  private static final int LONGEST = 65535;

  /** struct sockaddr_in and sockaddr_in6 (netinet/in.h). */
  private static final int ADDRESS_V4 = 16;

  private static final int ADDRESS_V6 = 28;

  private final boolean v6;
  private int descriptor;
  private final byte[] buffer = new byte[LONGEST];

  /**
   * A reply.
   *
   * @param identifier of the request it answers, 16 bits
   * @param sequence of the request it answers, 16 bits
   */
  public record Reply(InetAddress from, int identifier, int sequence, byte[] payload) {}

  private IcmpSocket(boolean v6) {
    this.v6 = v6;
    this.descriptor =
        Libc.socket(
            v6 ? Libc.AF_INET6 : Libc.AF_INET,
            Libc.SOCK_RAW,
            v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP,
            "open a raw " + (v6 ? "ICMPv6" : "ICMP") + " socket");
  }

  public static IcmpSocket v4() {
    return new IcmpSocket(false);
  }

  public static IcmpSocket v6() {
    return new IcmpSocket(true);
  }

  /** Sends and receives by this device only. */
  public void bindToDevice(String device) {
    byte[] name = device.getBytes(StandardCharsets.UTF_8);
    if (Libc.setsockopt(descriptor, Libc.SOL_SOCKET, Libc.SO_BINDTODEVICE, name) < 0) {
      throw Libc.failure("bind an ICMP socket to " + device);
    }
  }

  /** Sends from this address, one of the namespace's own, and receives what is sent to it. */
  public void bindTo(InetAddress own) {
    Libc.bind(descriptor, address(own), "send echo requests from " + own.getHostAddress());
  }

  /** Sends an echo request. An IPv6 link-local address needs its scope. */
  public void send(InetAddress to, int identifier, int sequence, byte[] payload) {
    byte[] request = request(identifier, sequence, payload);
    if (Libc.sendto(descriptor, request, address(to)) < 0) {
      throw Libc.failure("send an echo request to " + to.getHostAddress());
    }
  }

  /** Waits for the next echo reply; empty when none came in time. */
  public Optional<Reply> receive(Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    while (true) {
      long left = Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis());
      Libc.setsockopt(descriptor, Libc.SOL_SOCKET, Libc.SO_RCVTIMEO, Sockets.timeval(left));
      byte[] from = new byte[ADDRESS_V6];
      long length = Libc.recvfrom(descriptor, buffer, 0, from);
      if (length < 0 && Libc.errno() != Errno.EAGAIN) {
        throw Libc.failure("receive an echo reply");
      }
      Optional<Reply> reply = length < 0 ? Optional.empty() : reply((int) length, from);
      if (reply.isPresent() || System.nanoTime() - end >= 0) {
        return reply;
      }
    }
  }

  @Override
  public void close() {
    Libc.close(descriptor);
    descriptor = -1;
  }

  /** The kernel fills in ICMPv6's checksum, which covers the addresses (RFC 3542, 3.1). */
  private byte[] request(int identifier, int sequence, byte[] payload) {
    byte[] octets =
        ByteBuffer.allocate(HEADER + payload.length)
            .put((byte) (v6 ? 128 : 8))
            .put((byte) 0)
            .putShort((short) 0)
            .putShort((short) identifier)
            .putShort((short) sequence)
            .put(payload)
            .array();
    if (!v6) {
      ByteBuffer.wrap(octets).putShort(2, (short) checksum(octets));
    }
    return octets;
  }

  /** RFC 1071. */
  private static int checksum(byte[] octets) {
    int sum = 0;
    for (int i = 0; i < octets.length; i++) {
      sum += (octets[i] & 0xFF) << ((i & 1) == 0 ? 8 : 0);
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xFFFF) + (sum >>> 16);
    }
    return ~sum & 0xFFFF;
  }

  private byte[] address(InetAddress to) {
    byte[] octets = to.getAddress();
    if ((octets.length == 16) != v6) {
      throw new IllegalArgumentException(to.getHostAddress() + " is of the other IP family");
    }
    ByteBuffer address = Sockets.buffer(v6 ? ADDRESS_V6 : ADDRESS_V4);
    address.putShort((short) (v6 ? Libc.AF_INET6 : Libc.AF_INET)).putShort((short) 0);
    if (v6) {
      address.putInt(0).put(octets).putInt(((Inet6Address) to).getScopeId());
    } else {
      address.put(octets);
    }
    return address.array();
  }

  /** What came in, when it is an echo reply. An IPv4 raw socket gives the IP header as well. */
  private Optional<Reply> reply(int length, byte[] from) {
    int start = v6 ? 0 : (buffer[0] & 0x0F) * 4;
    boolean isReply = length >= start + HEADER && (buffer[start] & 0xFF) == (v6 ? 129 : 0);
    if (!isReply) {
      return Optional.empty();
    }
    ByteBuffer icmp = ByteBuffer.wrap(buffer);
    return Optional.of(
        new Reply(
            sender(from),
            icmp.getShort(start + 4) & 0xFFFF,
            icmp.getShort(start + 6) & 0xFFFF,
            Arrays.copyOfRange(buffer, start + HEADER, length)));
  }

  private InetAddress sender(byte[] from) {
    try {
      return v6
          ? Inet6Address.getByAddress(null, Arrays.copyOfRange(from, 8, 24), scope(from))
          : InetAddress.getByAddress(Arrays.copyOfRange(from, 4, 8));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int scope(byte[] from) {
    int index = ByteBuffer.wrap(from).order(ByteOrder.nativeOrder()).getInt(24);
    return index == 0 ? -1 : index;
  }
}
