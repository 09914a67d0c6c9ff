package org.passerelle.link.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes a netlink message, or a part of one: fixed fields in the machine's byte order, then
 * attributes, each padded to four octets. Grows as needed.
 *
 * <pre>
 *   0          2         4                    4 + n
 *   |  length  |  type   |  n octets of value |  0..3 zero octets |
 *     4 + n      flag bits and number
 * </pre>
 *
 * (linux/netlink.h, struct nlattr)
 */
public final class NetlinkWriter {
  private ByteBuffer bytes = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());

  /** Begins a message; its length and sequence number are filled in when it is finished. */
  public static NetlinkWriter message(int type, int flags) {
    return new NetlinkWriter().u32(0).u16(type).u16(flags).u32(0).u32(0);
  }

  public NetlinkWriter u8(int value) {
    room(1).put((byte) value);
    return this;
  }

  public NetlinkWriter u16(int value) {
    room(2).putShort((short) value);
    return this;
  }

  public NetlinkWriter u32(int value) {
    room(4).putInt(value);
    return this;
  }

  public NetlinkWriter octets(byte[] value) {
    room(value.length).put(value);
    return this;
  }

  public NetlinkWriter attribute(int type, byte[] value) {
    return u16(Attribute.HEADER + value.length).u16(type).octets(value).pad();
  }

  public NetlinkWriter attribute8(int type, int value) {
    return u16(Attribute.HEADER + 1).u16(type).u8(value).pad();
  }

  public NetlinkWriter attribute16(int type, int value) {
    return u16(Attribute.HEADER + 2).u16(type).u16(value).pad();
  }

  public NetlinkWriter attribute32(int type, int value) {
    return u16(Attribute.HEADER + 4).u16(type).u32(value);
  }

  /** A text with the NUL behind it that the kernel wants. */
  public NetlinkWriter text(int type, String value) {
    byte[] octets = value.getBytes(StandardCharsets.UTF_8);
    return u16(Attribute.HEADER + octets.length + 1).u16(type).octets(octets).u8(0).pad();
  }

  /**
   * Begins an attribute that holds others.
   *
   * @return where it began, for {@link #end}
   */
  public int begin(int type) {
    int start = bytes.position();
    u16(0).u16(type);
    return start;
  }

  /** Begins a struct that says its length in its first two octets, as an attribute does. */
  public int beginStruct() {
    int start = bytes.position();
    u16(0);
    return start;
  }

  /** Ends what {@link #begin} or {@link #beginStruct} began. */
  public NetlinkWriter end(int start) {
    bytes.putShort(start, (short) (bytes.position() - start));
    return pad();
  }

  /** What was written so far. */
  public byte[] toBytes() {
    byte[] copy = new byte[bytes.position()];
    bytes.get(0, copy);
    return copy;
  }

  /** The message with its length and the given sequence number in place. */
  public byte[] finish(int sequence) {
    bytes.putInt(NetlinkMessage.LENGTH, bytes.position());
    bytes.putInt(NetlinkMessage.SEQUENCE, sequence);
    return toBytes();
  }

  private NetlinkWriter pad() {
    while ((bytes.position() & 3) != 0) {
      u8(0);
    }
    return this;
  }

  private ByteBuffer room(int more) {
    if (bytes.remaining() < more) {
      int size = Math.max(bytes.capacity() * 2, bytes.position() + more);
      ByteBuffer larger = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
      bytes = larger.put(bytes.flip());
    }
    return bytes;
  }
}
