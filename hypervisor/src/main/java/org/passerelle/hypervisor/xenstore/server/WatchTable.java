package org.passerelle.hypervisor.xenstore.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.passerelle.hypervisor.xenstore.tree.Commit;
import org.passerelle.hypervisor.xenstore.tree.StorePath;
import org.passerelle.hypervisor.xenstore.tree.StoreTree;

/** All watches by path: a change looks at its own path and those above it, however many watch. */
final class WatchTable {
  private final Map<StorePath, List<StoreWatch>> byPath = new HashMap<>();

  void add(StoreWatch watch) {
    byPath.computeIfAbsent(watch.path(), path -> new ArrayList<>()).add(watch);
  }

  void remove(StoreWatch watch) {
    byPath.computeIfPresent(watch.path(), (path, watches) -> without(watches, watch));
  }

  private static List<StoreWatch> without(List<StoreWatch> watches, StoreWatch watch) {
    watches.remove(watch);
    return watches.isEmpty() ? null : watches;
  }

  /** Tells whoever watches, and may know, of each change in its order. */
  void fire(Commit commit) {
    commit.events().forEach((path, exact) -> fire(commit, path, exact));
  }

  private void fire(Commit commit, StorePath path, boolean exact) {
    for (StoreWatch watch : exact ? at(path) : atOrAbove(path)) {
      if (commit.isVisible(path, watch.session().principal())) {
        watch.fire(path.text());
      }
    }
  }

  /**
   * Tells of a domain that came or went: the special path, with the domain's number behind it for
   * those who asked for one step of depth or for that domain alone.
   */
  void fireSpecial(StorePath special, int domain, StoreTree tree) {
    StorePath ofDomain = StorePath.of(special.text() + "/" + domain);
    for (StoreWatch watch : atOrAbove(ofDomain)) {
      if (tree.find(special).orElseThrow().permissions().mayRead(watch.session().principal())) {
        boolean numbered = watch.path().equals(ofDomain) || watch.depth() == 1;
        watch.fire(numbered ? ofDomain.text() : special.text());
      }
    }
  }

  private List<StoreWatch> at(StorePath path) {
    return List.copyOf(byPath.getOrDefault(path, List.of()));
  }

  /**
   * Those whose path is this one or above it and whose depth reaches it, the deepest path first.
   */
  private List<StoreWatch> atOrAbove(StorePath path) {
    List<StoreWatch> found = new ArrayList<>();
    StorePath above = path;
    int depth = 0;
    while (true) {
      int steps = depth;
      byPath.getOrDefault(above, List.of()).stream()
          .filter(watch -> path.isSpecial() || watch.depth() >= steps)
          .forEach(found::add);
      if (above.isRoot() || above.text().indexOf('/') < 0) {
        return found;
      }
      above = above.parent();
      depth++;
    }
  }
}
