package org.passerelle.hypervisor.xenstore.tree;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.passerelle.hypervisor.xenstore.StoreException;

/**
 * The operations on nodes within one transaction, with one domain's rights. An operation that
 * throws has changed nothing.
 *
 * <p>Who may not know whether a node exists is told EACCES either way: an absent node is ENOENT
 * only where the nearest node above it would have allowed the operation.
 */
public final class NodeOperations {
  private static final BiPredicate<NodePermissions, Principal> READ = NodePermissions::mayRead;
  private static final BiPredicate<NodePermissions, Principal> WRITE = NodePermissions::mayWrite;

  private static final byte[] NO_VALUE = {};

  private final Transaction transaction;
  private final Principal who;
  private final Quotas quotas;
  private final long now;

  NodeOperations(Transaction transaction, Principal who, Quotas quotas, long now) {
    this.transaction = transaction;
    this.who = who;
    this.quotas = quotas;
    this.now = now;
  }

  /** The node, which is there and may be read; for its value and its children's names. */
  public Node read(StorePath path) {
    String what = "read " + path;
    refuseSpecial(what, path);
    return allowed(what, path, READ).orElseThrow(() -> new StoreException(what, "ENOENT"));
  }

  public NodePermissions permissions(StorePath path) {
    String what = "get permissions " + path;
    return allowed(what, path, READ)
        .orElseThrow(() -> new StoreException(what, "ENOENT"))
        .permissions();
  }

  /** Writes a value, making the node and its parents. */
  public void write(StorePath path, byte[] value) {
    String what = "write " + path;
    refuseSpecial(what, path);
    Optional<Node> node = allowed(what, path, WRITE);
    wholly(
        () -> {
          if (node.isPresent()) {
            change(what, path, node.get().withValue(value, now));
          } else {
            create(what, path, value);
          }
        });
    transaction.event(path, false);
  }

  /** Makes a node and its parents; nothing when it exists. */
  public void mkdir(StorePath path) {
    String what = "mkdir " + path;
    refuseSpecial(what, path);
    if (allowed(what, path, WRITE).isEmpty()) {
      wholly(() -> create(what, path, NO_VALUE));
      transaction.event(path, false);
    }
  }

  /** Removes a node and all below it; nothing when it is absent but its parent exists. */
  public void remove(StorePath path) {
    String what = "rm " + path;
    refuseSpecial(what, path);
    if (allowed(what, path, WRITE).isEmpty()) {
      look(what, path.parent()).orElseThrow(() -> new StoreException(what, "ENOENT"));
      return;
    }
    if (path.isRoot()) {
      throw new StoreException(what, "EINVAL");
    }
    look(what, path.parent());
    transaction.remove(path, now);
    limitLooks(what);
  }

  public void setPermissions(StorePath path, NodePermissions permissions) {
    String what = "set permissions " + path;
    QuotaCheck.ofPermissions(what, permissions, who, quotas);
    Node node =
        allowed(what, path, NodePermissions::isOwner, WRITE)
            .orElseThrow(() -> new StoreException(what, "ENOENT"));
    if (!who.isPrivileged() && permissions.owner() != node.permissions().owner()) {
      throw new StoreException(what, "EPERM");
    }
    wholly(() -> change(what, path, node.withPermissions(permissions, now)));
    transaction.event(path, false);
  }

  private Optional<Node> allowed(
      String what, StorePath path, BiPredicate<NodePermissions, Principal> right) {
    return allowed(what, path, right, right);
  }

  /**
   * The node, which {@code right} is needed on; where it is absent, {@code above} on the nearest.
   */
  private Optional<Node> allowed(
      String what,
      StorePath path,
      BiPredicate<NodePermissions, Principal> right,
      BiPredicate<NodePermissions, Principal> above) {
    QuotaCheck.ofPath(what, path, who, quotas);
    Optional<Node> node = look(what, path);
    boolean may =
        who.isPrivileged()
            || (node.isPresent()
                ? right.test(node.get().permissions(), who)
                : above.test(nearestAbove(what, path).permissions(), who));
    if (!may) {
      throw new StoreException(what, "EACCES");
    }
    return node;
  }

  private Node nearestAbove(String what, StorePath path) {
    StorePath above = path.parent();
    Optional<Node> node = look(what, above);
    while (node.isEmpty()) {
      above = above.parent();
      node = look(what, above);
    }
    return node.get();
  }

  /** Makes the node and what is missing above it. */
  private void create(String what, StorePath path, byte[] value) {
    Deque<StorePath> missing = new ArrayDeque<>();
    StorePath above = path.parent();
    while (look(what, above).isEmpty()) {
      missing.push(above);
      above = above.parent();
    }
    NodePermissions inherited = look(what, above).orElseThrow().permissions().inheritedBy(who);
    Node empty = Node.empty(inherited, now);
    missing.forEach(each -> add(what, each, empty));
    add(what, path, empty.withValue(value, now));
  }

  private void add(String what, StorePath path, Node node) {
    change(what, path, node);
    Node parent = transaction.working().find(path.parent()).orElseThrow();
    QuotaCheck.ofNode(what, parent, who, quotas);
  }

  private void change(String what, StorePath path, Node node) {
    StoreTree before = transaction.working();
    QuotaCheck.ofNode(what, node, who, quotas);
    transaction.put(path, node, now);
    QuotaCheck.ofTree(what, before, transaction.working(), who, quotas);
  }

  /**
   * Does all of {@code changes}, or none where one is refused; as in C xenstored the transaction
   * can then not be committed any more.
   */
  private void wholly(Runnable changes) {
    StoreTree before = transaction.working();
    try {
      changes.run();
    } catch (StoreException refused) {
      transaction.restore(before);
      transaction.fail();
      throw refused;
    }
  }

  private static void refuseSpecial(String what, StorePath path) {
    if (path.isSpecial()) {
      throw new StoreException(what, "EINVAL");
    }
  }

  private Optional<Node> look(String what, StorePath path) {
    Optional<Node> node = transaction.look(path);
    limitLooks(what);
    return node;
  }

  private void limitLooks(String what) {
    if (!who.isPrivileged() && transaction.size() > quotas.transactionNodes()) {
      transaction.fail();
      throw new StoreException(what, "ENOSPC");
    }
  }
}
