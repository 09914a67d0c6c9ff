package org.passerelle.link.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The attributes of a message or of a nested attribute, in their order; all lengths checked. */
public final class Attributes implements Iterable<Attribute> {
  private final List<Attribute> list;

  private Attributes(List<Attribute> list) {
    this.list = list;
  }

  /** Reads attributes from the buffer's position to its limit. */
  public static Attributes parse(ByteBuffer from) {
    ByteBuffer bytes = from.slice().order(ByteOrder.nativeOrder());
    List<Attribute> list = new ArrayList<>();
    int at = 0;
    while (bytes.limit() - at >= Attribute.HEADER) {
      int length = bytes.getShort(at) & 0xFFFF;
      if (length < Attribute.HEADER || length > bytes.limit() - at) {
        throw new MalformedMessageException(
            "attribute at octet " + at + " of " + bytes.limit() + " says it has " + length);
      }
      int type = bytes.getShort(at + 2) & 0xFFFF;
      list.add(new Attribute(type, bytes.slice(at + Attribute.HEADER, length - Attribute.HEADER)));
      at = NetlinkMessage.aligned(at + length);
    }
    return new Attributes(list);
  }

  /** The attribute of this type; the last one when there are several, as the kernel reads them. */
  public Optional<Attribute> find(int type) {
    for (int i = list.size() - 1; i >= 0; i--) {
      if (list.get(i).type() == type) {
        return Optional.of(list.get(i));
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
    return found.isPresent() ? found.get().nested() : new Attributes(List.of());
  }

  @Override
  public Iterator<Attribute> iterator() {
    return list.iterator();
  }
}
