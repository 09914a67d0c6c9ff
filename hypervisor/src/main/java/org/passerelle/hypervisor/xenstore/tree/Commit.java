package org.passerelle.hypervisor.xenstore.tree;

import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * What a commit did to the store.
 *
 * @param events the changed paths in the order of their changes, and whether only exact watches of
 *     a path are to hear of it
 */
public record Commit(StoreTree before, StoreTree after, SequencedMap<StorePath, Boolean> events) {

  /**
   * Whether {@code who} may hear of a path: who may, or might until now, read the node, or may read
   * the one above it.
   */
  public boolean isVisible(StorePath path, Principal who) {
    Optional<Node> old = before.find(path);
    Optional<Node> now = after.find(path);
    if (old.isEmpty() && now.isEmpty()) {
      return false;
    }
    StoreTree tree = now.isPresent() ? after : before;
    return Stream.of(old, now, tree.find(path.parent()))
        .flatMap(Optional::stream)
        .anyMatch(node -> node.permissions().mayRead(who));
  }
}
