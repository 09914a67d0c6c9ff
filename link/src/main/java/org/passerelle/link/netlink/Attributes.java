package org.passerelle.link.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The attributes of a message or of a nested attribute, in their order; all lengths checked.
 *
 * <p>Of each only its place and type are noted at first: a link has some sixty, a script reads the
 * same links two dozen times, and a view of every attribute would take it 5 ms. They are noted from
 * an array: to ask a buffer for two octets takes the interpreter ninety instructions.
 */
public final class Attributes implements Iterable<Attribute> {
  private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
  private static final Attributes NONE = parse(ByteBuffer.allocate(0));

  private final byte[] octets;
  private final int[] places;
  private final int[] types;

  private Attributes(byte[] octets, int[] places, int[] types) {
    this.octets = octets;
    this.places = places;
    this.types = types;
  }

  /** Reads attributes from the buffer's position to its limit. */
  public static Attributes parse(ByteBuffer from) {
    byte[] octets = new byte[from.remaining()];
    from.get(from.position(), octets);
    int[] places = new int[octets.length / Attribute.HEADER];
    int[] types = new int[places.length];
    int count = 0;
    int at = 0;
    while (octets.length - at >= Attribute.HEADER) {
      places[count] = at;
      types[count++] = u16(octets, at + 2);
      at = NetlinkMessage.aligned(at + checkedLength(octets, at));
    }
    return new Attributes(octets, Arrays.copyOf(places, count), Arrays.copyOf(types, count));
  }

  private static int checkedLength(byte[] octets, int at) {
    int length = u16(octets, at);
    if (length < Attribute.HEADER || length > octets.length - at) {
      throw new MalformedMessageException(
          "attribute at octet " + at + " of " + octets.length + " says it has " + length);
    }
    return length;
  }

  private static int u16(byte[] octets, int at) {
    int first = octets[at] & 0xFF;
    int second = octets[at + 1] & 0xFF;
    return LITTLE ? second << 8 | first : first << 8 | second;
  }

  private Attribute get(int number) {
    int at = places[number];
    int length = u16(octets, at) - Attribute.HEADER;
    return new Attribute(
        types[number], ByteBuffer.wrap(octets, at + Attribute.HEADER, length).slice());
  }

  /** The attribute of this type; the last one when there are several, as the kernel reads them. */
  public Optional<Attribute> find(int type) {
    for (int i = types.length - 1; i >= 0; i--) {
      if ((types[i] & Attribute.TYPE_MASK) == type) {
        return Optional.of(get(i));
      }
    }
    return Optional.empty();
  }

  /** The attribute's number, or {@code otherwise} when there is none. */
  public int u32(int type, int otherwise) {
    Optional<Attribute> found = find(type);
    return found.isPresent() ? found.get().u32() : otherwise;
  }

  /** The attribute's text, or the empty one. */
  public String text(int type) {
    Optional<Attribute> found = find(type);
    return found.isPresent() ? found.get().text() : "";
  }

  /** What the attribute of this type holds; nothing when there is none. */
  public Attributes nested(int type) {
    Optional<Attribute> found = find(type);
    return found.isPresent() ? found.get().nested() : NONE;
  }

  @Override
  public Iterator<Attribute> iterator() {
    List<Attribute> all = new ArrayList<>(types.length);
    for (int i = 0; i < types.length; i++) {
      all.add(get(i));
    }
    return all.iterator();
  }
}
