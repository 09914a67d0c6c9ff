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
 * same links two dozen times, and a view of every attribute would take it 5 ms.
 */
public final class Attributes implements Iterable<Attribute> {
  private static final Attributes NONE = parse(ByteBuffer.allocate(0));

  private final ByteBuffer bytes;
  private final int[] places;
  private final int[] types;

  private Attributes(ByteBuffer bytes, int[] places, int[] types) {
    this.bytes = bytes;
    this.places = places;
    this.types = types;
  }

  /** Reads attributes from the buffer's position to its limit. */
  public static Attributes parse(ByteBuffer from) {
    ByteBuffer bytes = from.slice().order(ByteOrder.nativeOrder());
    int[] places = new int[bytes.limit() / Attribute.HEADER];
    int[] types = new int[places.length];
    int count = 0;
    int at = 0;
    while (bytes.limit() - at >= Attribute.HEADER) {
      places[count] = at;
      types[count++] = bytes.getShort(at + 2) & 0xFFFF;
      at = NetlinkMessage.aligned(at + checkedLength(bytes, at));
    }
    return new Attributes(bytes, Arrays.copyOf(places, count), Arrays.copyOf(types, count));
  }

  private static int checkedLength(ByteBuffer bytes, int at) {
    int length = length(bytes, at);
    if (length < Attribute.HEADER || length > bytes.limit() - at) {
      throw new MalformedMessageException(
          "attribute at octet " + at + " of " + bytes.limit() + " says it has " + length);
    }
    return length;
  }

  private static int length(ByteBuffer bytes, int at) {
    return bytes.getShort(at) & 0xFFFF;
  }

  private Attribute get(int number) {
    int at = places[number];
    int length = length(bytes, at) - Attribute.HEADER;
    return new Attribute(types[number], bytes.slice(at + Attribute.HEADER, length));
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
