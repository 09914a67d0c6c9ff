package org.passerelle.hypervisor.xenstore.tree;

import java.util.List;

/**
 * A node: a value like all it holds. Its generation is the store's count at its last own change,
 * which is one of value, permissions or the names of its children; a change further down leaves it.
 */
public final class Node {
  /** What C xenstored counts for a node besides its contents, and for each permission. */
  private static final int HEADER_SIZE = 16;

  private static final int PERMISSION_SIZE = 8;
  private static final byte[] NO_VALUE = {};

  private final byte[] value;
  private final NodePermissions permissions;
  private final Children children;
  private final long generation;
  private final long born;

  private Node(
      byte[] value, NodePermissions permissions, Children children, long generation, long born) {
    this.value = value;
    this.permissions = permissions;
    this.children = children;
    this.generation = generation;
    this.born = born;
  }

  static Node empty(NodePermissions permissions, long generation) {
    return new Node(NO_VALUE, permissions, Children.NONE, generation, generation);
  }

  /** The value's octets: not to be changed. */
  public byte[] value() {
    return value;
  }

  public NodePermissions permissions() {
    return permissions;
  }

  /** In the order in which they were made, as C xenstored lists them. */
  public List<String> childNames() {
    return children.names();
  }

  public long generation() {
    return generation;
  }

  /** The store's count when it was made: no two children of a node have the same. */
  long born() {
    return born;
  }

  Children children() {
    return children;
  }

  /** Octets that count against the quota of one node, as C xenstored counts them. */
  int size() {
    return sizeWithoutChildren() + children.listLength();
  }

  /** The same without the children's names, which count with the children's paths. */
  int sizeWithoutChildren() {
    return HEADER_SIZE + PERMISSION_SIZE * permissions.entries().size() + value.length;
  }

  Node withValue(byte[] changed, long now) {
    return new Node(changed, permissions, children, now, born);
  }

  Node withPermissions(NodePermissions changed, long now) {
    return new Node(value, changed, children, now, born);
  }

  /** Another node in the place of a child; no change of this node's own. */
  Node withChild(String name, Node child) {
    return new Node(value, permissions, children.with(name, child), generation, born);
  }

  Node withNewChild(String name, Node child, long now) {
    return new Node(value, permissions, children.with(name, child), now, born);
  }

  Node withoutChild(String name, long now) {
    return new Node(value, permissions, children.without(name), now, born);
  }

  /** The same contents above other children. */
  Node over(Children others) {
    return new Node(value, permissions, others, generation, born);
  }
}
