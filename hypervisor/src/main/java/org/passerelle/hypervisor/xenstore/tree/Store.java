package org.passerelle.hypervisor.xenstore.tree;

import java.util.LinkedHashMap;
import java.util.Map;
import org.passerelle.hypervisor.xenstore.StoreException;

/** The tree in force, and the count of its changes. One thread owns it. */
public final class Store {
  private final Quotas quotas;
  private long generation = 1;
  private StoreTree current = StoreTree.fresh(generation);

  public Store(Quotas quotas) {
    this.quotas = quotas;
  }

  public StoreTree current() {
    return current;
  }

  public Quotas quotas() {
    return quotas;
  }

  /** A transaction that others may come between. */
  public Transaction begin() {
    return new Transaction(current, true);
  }

  /** A transaction that is committed before anybody else does anything. */
  public Transaction immediate() {
    return new Transaction(current, false);
  }

  /** What {@code who} may do within a transaction. */
  public NodeOperations operations(Transaction transaction, Principal who) {
    return new NodeOperations(transaction, who, quotas, ++generation);
  }

  /**
   * Puts the transaction's changes in force. Throws {@link StoreException}: EAGAIN when another
   * came between, ENOMEM when one of its operations could not be done, ENOSPC over quota.
   */
  public Commit commit(Transaction transaction, Principal who) {
    if (transaction.hasFailed()) {
      throw new StoreException("commit", "ENOMEM");
    }
    if (transaction.conflictsWith(current)) {
      throw new StoreException("commit", "EAGAIN");
    }
    StoreTree after = transaction.appliedTo(current, ++generation);
    QuotaCheck.ofTree("commit", current, after, who, quotas);
    return adopt(transaction, after);
  }

  /**
   * Removes what a domain that is gone owned, and its name from all permissions, lest another of
   * that number inherit them.
   */
  public Commit forget(int domain) {
    Transaction transaction = immediate();
    long now = ++generation;
    forgetBelow(StorePath.ROOT, domain, transaction, now);
    forgetSpecial(StorePath.INTRODUCE_DOMAIN, domain, transaction, now);
    forgetSpecial(StorePath.RELEASE_DOMAIN, domain, transaction, now);
    return adopt(transaction, transaction.working());
  }

  private Commit adopt(Transaction transaction, StoreTree after) {
    Commit commit = new Commit(current, after, new LinkedHashMap<>(transaction.events()));
    current = after;
    return commit;
  }

  private static void forgetBelow(StorePath path, int domain, Transaction transaction, long now) {
    for (Map.Entry<StorePath, Node> each : transaction.working().below(path).entrySet()) {
      if (transaction.look(each.getKey()).isEmpty()) {
        continue; // It went with a node above it.
      }
      if (each.getValue().permissions().owner() == domain && !each.getKey().isRoot()) {
        transaction.remove(each.getKey(), now);
      } else {
        forgetIn(each.getKey(), each.getValue().permissions().without(domain), transaction, now);
      }
    }
  }

  private static void forgetSpecial(StorePath path, int domain, Transaction transaction, long now) {
    Node node = transaction.look(path).orElseThrow();
    NodePermissions permissions = node.permissions();
    boolean owned = permissions.owner() == domain;
    NodePermissions kept = owned ? NodePermissions.OF_DOM0 : permissions.without(domain);
    forgetIn(path, kept, transaction, now);
  }

  private static void forgetIn(
      StorePath path, NodePermissions kept, Transaction transaction, long now) {
    Node node = transaction.look(path).orElseThrow();
    if (!node.permissions().equals(kept)) {
      transaction.put(path, node.withPermissions(kept, now), now);
    }
  }
}
