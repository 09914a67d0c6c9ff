package org.passerelle.hypervisor.xenstore.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.tree.Commit;
import org.passerelle.hypervisor.xenstore.tree.NodeOperations;
import org.passerelle.hypervisor.xenstore.tree.Principal;
import org.passerelle.hypervisor.xenstore.tree.Quotas;
import org.passerelle.hypervisor.xenstore.tree.Store;
import org.passerelle.hypervisor.xenstore.tree.StorePath;
import org.passerelle.hypervisor.xenstore.tree.Transaction;

/** One connection, with its domain's rights: its transactions and its watches. */
final class Session {
  private final Store store;
  private final WatchTable watchTable;
  private final Domain domain;
  private final BiConsumer<String, String> events;
  private final Runnable onClose;
  private final Map<Integer, Transaction> transactions = new HashMap<>();
  private final List<StoreWatch> watches = new ArrayList<>();
  private int nextTransaction = 1;
  private boolean open = true;

  /**
   * @param events told of each event's path and token
   * @param onClose told when this ends, by whatever
   */
  Session(
      Store store,
      WatchTable watchTable,
      Domain domain,
      BiConsumer<String, String> events,
      Runnable onClose) {
    this.store = store;
    this.watchTable = watchTable;
    this.domain = domain;
    this.events = events;
    this.onClose = onClose;
    domain.sessions().add(this);
  }

  Principal principal() {
    return domain.principal();
  }

  Domain domain() {
    return domain;
  }

  boolean isOpen() {
    return open;
  }

  void tell(String path, String token) {
    if (open) {
      events.accept(path, token);
    }
  }

  StorePath resolve(String path) {
    return StorePath.resolve(domain.home(), path);
  }

  /** Does something to nodes within a transaction; with id 0 in one that is committed at once. */
  <T> T on(int transactionId, Function<NodeOperations, T> work) {
    if (transactionId != 0) {
      return work.apply(store.operations(transaction(transactionId), principal()));
    }
    Transaction alone = store.immediate();
    T result = work.apply(store.operations(alone, principal()));
    if (alone.hasChanges()) {
      watchTable.fire(store.commit(alone, principal()));
    }
    return result;
  }

  void change(int transactionId, Consumer<NodeOperations> work) {
    on(
        transactionId,
        operations -> {
          work.accept(operations);
          return null;
        });
  }

  int begin() {
    overQuota("start a transaction", domain.transactions(), quotas().transactions(), "ENOSPC");
    while (nextTransaction == 0 || transactions.containsKey(nextTransaction)) {
      nextTransaction++;
    }
    transactions.put(nextTransaction, store.begin());
    domain.began(1);
    return nextTransaction++;
  }

  void end(int transactionId, boolean commit) {
    Transaction ended = transaction(transactionId);
    transactions.remove(transactionId);
    domain.began(-1);
    if (commit) {
      Commit done = store.commit(ended, principal());
      watchTable.fire(done);
    }
  }

  /** Throws ENOENT where there is none of that number. */
  Transaction transaction(int transactionId) {
    Transaction transaction = transactions.get(transactionId);
    if (transaction == null) {
      throw new StoreException("transaction " + transactionId, "ENOENT");
    }
    return transaction;
  }

  /** Begins a watch; whoever calls has it fire once, when the client has its answer. */
  StoreWatch watch(String path, String token, int depth) {
    String what = "watch " + path;
    StorePath watched = resolve(path);
    overQuota(what, watched.countedLength() - 1, quotas().path(), "EINVAL");
    String prefix = StorePath.isRelative(path) ? domain.home().text() + "/" : "";
    StoreWatch watch = new StoreWatch(this, watched, prefix, token, depth);
    if (watches.stream().anyMatch(each -> each.is(watched, token))) {
      throw new StoreException(what, "EEXIST");
    }
    overQuota(what, domain.watches(), quotas().watches(), "E2BIG");
    long octets = store.current().octetsOf(domain.id()) + domain.watchOctets() + watch.octets();
    overQuota(what, octets - 1, quotas().memory(), "ENOMEM");
    watches.add(watch);
    watchTable.add(watch);
    domain.watched(1, watch.octets());
    return watch;
  }

  void unwatch(String path, String token) {
    StorePath watched = resolve(path);
    StoreWatch watch =
        watches.stream()
            .filter(each -> each.is(watched, token))
            .findFirst()
            .orElseThrow(() -> new StoreException("unwatch " + path, "ENOENT"));
    watches.remove(watch);
    forget(watch);
  }

  /** Ends all watches and transactions. */
  void reset() {
    watches.forEach(this::forget);
    watches.clear();
    domain.began(-transactions.size());
    transactions.clear();
  }

  void close() {
    if (open) {
      open = false;
      reset();
      domain.sessions().remove(this);
      onClose.run();
    }
  }

  private void forget(StoreWatch watch) {
    watchTable.remove(watch);
    domain.watched(-1, -watch.octets());
  }

  private Quotas quotas() {
    return store.quotas();
  }

  private void overQuota(String what, long used, long quota, String error) {
    if (used >= quota && !principal().isPrivileged()) {
      throw new StoreException(what, error);
    }
  }
}
