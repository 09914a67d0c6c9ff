package org.passerelle.link.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One attribute: a view of its octets inside a message. Whoever reads a number from it gets an
 * exception when its length does not fit; unknown types are kept, never refused.
 */
public final class Attribute {
  /** Octets before the value: length and type. */
  static final int HEADER = 4;

  /** NLA_F_NESTED: the value is made of attributes. The kernel sets it in few places only. */
  public static final int NESTED = 0x8000;

  /** NLA_TYPE_MASK: the number without NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
  static final int TYPE_MASK = 0x3FFF;

  private final ByteBuffer bytes;
  private final int typeField;

  Attribute(int typeField, ByteBuffer value) {
    this.typeField = typeField;
    this.bytes = value.order(ByteOrder.nativeOrder());
  }

  /** The number, without flag bits. */
  public int type() {
    return typeField & TYPE_MASK;
  }

  /** Octets of value. */
  public int length() {
    return bytes.limit();
  }

  public int u8() {
    return atLeast(1).get(0) & 0xFF;
  }

  public int u16() {
    return atLeast(2).getShort(0) & 0xFFFF;
  }

  public int u32() {
    return atLeast(4).getInt(0);
  }

  public long unsigned32() {
    return u32() & 0xFFFF_FFFFL;
  }

  /** The text up to its NUL, or to the end. */
  public String text() {
    byte[] octets = octets();
    int end = 0;
    while (end < octets.length && octets[end] != 0) {
      end++;
    }
    return new String(octets, 0, end, StandardCharsets.UTF_8);
  }

  /** A copy of the value. */
  public byte[] octets() {
    byte[] copy = new byte[length()];
    bytes.get(0, copy);
    return copy;
  }

  /** The value read as attributes. */
  public Attributes nested() {
    return Attributes.parse(bytes.duplicate());
  }

  /** The value as a struct's octets, at least {@code size} of them, for a reader of fields. */
  public ByteBuffer struct(int size) {
    return atLeast(size).slice().order(ByteOrder.nativeOrder());
  }

  private ByteBuffer atLeast(int size) {
    if (length() < size) {
      throw new MalformedMessageException(
          "attribute " + type() + " has " + length() + " octets, not the " + size + " it needs");
    }
    return bytes;
  }

  @Override
  public String toString() {
    return type() + "=" + Arrays.toString(octets());
  }
}
