package org.passerelle.link.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One message as it came in.
 *
 * <pre>
 *   0            4        6         8            12         16
 *   |  length    |  type  |  flags  |  sequence  |  port    |  payload
 *     incl. these 16
 * </pre>
 *
 * (linux/netlink.h, struct nlmsghdr). All in the machine's byte order.
 *
 * @param type NLMSG_* below 16, the protocol's own from there
 * @param sequence that of the request it answers
 * @param port whom it is for; 0 is the kernel
 * @param payload from the octet behind the header to the message's end; position 0
 */
public record NetlinkMessage(int type, int flags, int sequence, int port, ByteBuffer payload) {
  static final int LENGTH = 0;
  static final int TYPE = LENGTH + 4;
  static final int FLAGS = TYPE + 2;
  static final int SEQUENCE = FLAGS + 2;
  static final int PORT = SEQUENCE + 4;
  static final int HEADER = PORT + 4;

  public static final int NOOP = 1;
  public static final int ERROR = 2;
  public static final int DONE = 3;
  public static final int OVERRUN = 4;

  /** Splits what one receive call brought into its messages. */
  public static List<NetlinkMessage> parseAll(ByteBuffer datagram) {
    ByteBuffer bytes = datagram.slice().order(ByteOrder.nativeOrder());
    List<NetlinkMessage> messages = new ArrayList<>();
    int at = 0;
    while (at < bytes.limit()) {
      int length = checkedLength(bytes, at);
      messages.add(parse(bytes.slice(at, length).order(ByteOrder.nativeOrder())));
      at = aligned(at + length);
    }
    return messages;
  }

  /** The payload's struct, at least {@code size} octets of it. */
  public ByteBuffer struct(int size) {
    if (payload.limit() < size) {
      throw new MalformedMessageException(
          "message " + type + " has " + payload.limit() + " octets, not the " + size + " it needs");
    }
    return payload.slice(0, size).order(ByteOrder.nativeOrder());
  }

  /** The attributes behind a struct of {@code size} octets. */
  public Attributes attributes(int size) {
    struct(size);
    int from = Math.min(aligned(size), payload.limit());
    return Attributes.parse(payload.slice(from, payload.limit() - from));
  }

  static int aligned(int length) {
    return length + 3 & ~3;
  }

  private static NetlinkMessage parse(ByteBuffer bytes) {
    return new NetlinkMessage(
        bytes.getShort(TYPE) & 0xFFFF,
        bytes.getShort(FLAGS) & 0xFFFF,
        bytes.getInt(SEQUENCE),
        bytes.getInt(PORT),
        bytes.slice(HEADER, bytes.limit() - HEADER).order(ByteOrder.nativeOrder()));
  }

  private static int checkedLength(ByteBuffer bytes, int at) {
    int left = bytes.limit() - at;
    int length = left < HEADER ? left : bytes.getInt(at + LENGTH);
    if (length < HEADER || length > left) {
      throw new MalformedMessageException(
          "message at octet " + at + " of " + bytes.limit() + " says it has " + length);
    }
    return length;
  }
}
