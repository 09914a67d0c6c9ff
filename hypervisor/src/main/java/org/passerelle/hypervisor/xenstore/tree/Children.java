package org.passerelle.hypervisor.xenstore.tree;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A node's children, found by name, listed by age; a value. A change copies the two arrays, which
 * for the sizes at hand costs less than keeping a tree.
 */
final class Children {
  static final Children NONE = new Children(new String[0], new Node[0]);

  private final String[] names;
  private final Node[] nodes;

  private Children(String[] names, Node[] nodes) {
    this.names = names;
    this.nodes = nodes;
  }

  /** The child of that name, or null. */
  Node find(String name) {
    int at = Arrays.binarySearch(names, name);
    return at < 0 ? null : nodes[at];
  }

  /** The eldest first. */
  List<String> names() {
    return IntStream.range(0, names.length)
        .boxed()
        .sorted(Comparator.comparingLong(at -> nodes[at].born()))
        .map(at -> names[at])
        .toList();
  }

  /** Octets of the list as DIRECTORY sends it: each name and a NUL. */
  int listLength() {
    int length = 0;
    for (String name : names) {
      length += name.length() + 1;
    }
    return length;
  }

  Children with(String name, Node node) {
    int at = Arrays.binarySearch(names, name);
    if (at >= 0) {
      Node[] changed = nodes.clone();
      changed[at] = node;
      return new Children(names, changed);
    }
    String[] moreNames = opened(names, -at - 1);
    Node[] moreNodes = opened(nodes, -at - 1);
    moreNames[-at - 1] = name;
    moreNodes[-at - 1] = node;
    return new Children(moreNames, moreNodes);
  }

  Children without(String name) {
    int at = Arrays.binarySearch(names, name);
    return at < 0 ? this : new Children(closed(names, at), closed(nodes, at));
  }

  private static <T> T[] opened(T[] array, int at) {
    T[] longer = Arrays.copyOf(array, array.length + 1);
    System.arraycopy(array, at, longer, at + 1, array.length - at);
    return longer;
  }

  private static <T> T[] closed(T[] array, int at) {
    T[] shorter = Arrays.copyOf(array, array.length - 1);
    System.arraycopy(array, at + 1, shorter, at, array.length - at - 1);
    return shorter;
  }
}
