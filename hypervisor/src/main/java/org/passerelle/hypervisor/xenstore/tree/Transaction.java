package org.passerelle.hypervisor.xenstore.tree;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeSet;

/**
 * A tree as it was, the tree as it is to become, and what was looked at on the way.
 *
 * <p>It may be committed when each node that it looked at is still the one that it saw: then doing
 * all its work now would give the same. A node is looked at before it is changed, so that this
 * finds writes against writes too.
 */
public final class Transaction {
  static final long ABSENT = -1;

  private final StoreTree base;
  private final boolean watched;
  private final Map<StorePath, Long> seen = new HashMap<>();
  private final NavigableSet<StorePath> modified = new TreeSet<>();
  private final SequencedMap<StorePath, Boolean> events = new LinkedHashMap<>();
  private StoreTree working;
  private boolean failed;

  /**
   * @param watched whether others may write before it is committed, so that what it looks at is
   *     kept
   */
  Transaction(StoreTree base, boolean watched) {
    this.base = base;
    this.working = base;
    this.watched = watched;
  }

  /** The node as this transaction sees it. */
  Optional<Node> look(StorePath path) {
    if (watched) {
      seen.computeIfAbsent(path, p -> generation(base, p));
    }
    return working.find(path);
  }

  void put(StorePath path, Node node, long now) {
    working = working.put(path, node, now);
    modified.add(path);
  }

  /** Takes back what was put since {@code earlier} was the tree as it is to become. */
  void restore(StoreTree earlier) {
    working = earlier;
  }

  /** Removes the node and all below it, with an event for each: the deepest first. */
  void remove(StorePath path, long now) {
    for (StorePath each : working.below(path).sequencedKeySet().reversed()) {
      look(each);
      modified.add(each);
      event(each, !each.equals(path));
    }
    working = working.remove(path, now);
  }

  /**
   * Notes that watchers are to hear of a path.
   *
   * @param exact only those that watch just this path: it went with a node above it
   */
  void event(StorePath path, boolean exact) {
    events.merge(path, exact, (one, other) -> one && other);
  }

  /** Nothing of it can be committed any more. */
  void fail() {
    failed = true;
  }

  public boolean hasChanges() {
    return working != base;
  }

  boolean hasFailed() {
    return failed;
  }

  /** Nodes looked at. */
  int size() {
    return seen.size();
  }

  StoreTree working() {
    return working;
  }

  SequencedMap<StorePath, Boolean> events() {
    return events;
  }

  boolean conflictsWith(StoreTree current) {
    return current != base
        && seen.entrySet().stream()
            .anyMatch(each -> generation(current, each.getKey()) != each.getValue());
  }

  /** The same changes made to {@code current}, with which there is no conflict. */
  StoreTree appliedTo(StoreTree current, long now) {
    if (current == base) {
      return working;
    }
    StoreTree result = current;
    for (StorePath path : modified) {
      Optional<Node> node = working.find(path);
      result = node.isPresent() ? result.put(path, node.get(), now) : result.remove(path, now);
    }
    return result;
  }

  private static long generation(StoreTree tree, StorePath path) {
    return tree.find(path).map(Node::generation).orElse(ABSENT);
  }
}
