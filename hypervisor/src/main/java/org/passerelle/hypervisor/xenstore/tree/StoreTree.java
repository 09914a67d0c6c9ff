package org.passerelle.hypervisor.xenstore.tree;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/**
 * The whole tree, a value: a change gives another tree that shares what did not change. The {@code
 * top} is above the root, so that the root and the special nodes are its children.
 */
public final class StoreTree {
  private final Node top;
  private final Accounts accounts;

  private StoreTree(Node top, Accounts accounts) {
    this.top = top;
    this.accounts = accounts;
  }

  /** What C xenstored begins with: the root, /tool/xenstored and the two special nodes. */
  static StoreTree fresh(long generation) {
    Node empty = Node.empty(NodePermissions.OF_DOM0, generation);
    return new StoreTree(empty, Accounts.NONE)
        .put(StorePath.ROOT, empty, generation)
        .put(StorePath.of("/tool"), empty, generation)
        .put(StorePath.of("/tool/xenstored"), empty, generation)
        .put(StorePath.INTRODUCE_DOMAIN, empty, generation)
        .put(StorePath.RELEASE_DOMAIN, empty, generation);
  }

  public Optional<Node> find(StorePath path) {
    Node node = top;
    for (String step : path.steps()) {
      node = node.children().find(step);
      if (node == null) {
        return Optional.empty();
      }
    }
    return Optional.of(node);
  }

  /** Nodes that the domain owns. */
  public int nodesOf(int domain) {
    return accounts.of(domain).nodes();
  }

  /** Octets of the nodes that the domain owns, with their paths. */
  public long octetsOf(int domain) {
    return accounts.of(domain).octets();
  }

  /**
   * The tree with {@code node}'s own contents at {@code path}, above the children that are there.
   * The parent exists; where the node is new, the parent's generation becomes {@code now}.
   */
  StoreTree put(StorePath path, Node node, long now) {
    String[] steps = path.steps();
    String name = steps[steps.length - 1];
    Optional<Node> old = find(path);
    Accounts counted = count(accounts, path, node, 1);
    if (old.isEmpty()) {
      Node placed = node.over(Children.NONE);
      return new StoreTree(
          above(top, steps, 0, parent -> parent.withNewChild(name, placed, now)), counted);
    }
    Node placed = node.over(old.get().children());
    return new StoreTree(
        above(top, steps, 0, parent -> parent.withChild(name, placed)),
        count(counted, path, old.get(), -1));
  }

  /** The tree without the node and all below it; the same tree where it is absent. */
  StoreTree remove(StorePath path, long now) {
    Map<StorePath, Node> gone = below(path);
    if (gone.isEmpty()) {
      return this;
    }
    Accounts counted = accounts;
    for (Map.Entry<StorePath, Node> each : gone.entrySet()) {
      counted = count(counted, each.getKey(), each.getValue(), -1);
    }
    String[] steps = path.steps();
    String name = steps[steps.length - 1];
    return new StoreTree(above(top, steps, 0, parent -> parent.withoutChild(name, now)), counted);
  }

  /** The node and all below it, each before its children; empty where it is absent. */
  SequencedMap<StorePath, Node> below(StorePath path) {
    SequencedMap<StorePath, Node> found = new LinkedHashMap<>();
    find(path).ifPresent(node -> collect(path, node, found));
    return found;
  }

  private static void collect(StorePath path, Node node, Map<StorePath, Node> found) {
    found.put(path, node);
    for (String name : node.childNames()) {
      collect(path.child(name), node.children().find(name), found);
    }
  }

  /**
   * {@code node}, {@code at} steps down, with a changed parent of the last step somewhere below.
   */
  private static Node above(Node node, String[] steps, int at, UnaryOperator<Node> change) {
    if (at == steps.length - 1) {
      return change.apply(node);
    }
    Node child = node.children().find(steps[at]);
    return node.withChild(steps[at], above(child, steps, at + 1, change));
  }

  private static Accounts count(Accounts accounts, StorePath path, Node node, int sign) {
    long octets = (long) path.text().length() + node.sizeWithoutChildren();
    return accounts.plus(node.permissions().owner(), sign, sign * octets);
  }
}
