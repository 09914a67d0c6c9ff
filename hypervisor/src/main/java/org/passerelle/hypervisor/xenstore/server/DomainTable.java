package org.passerelle.hypervisor.xenstore.server;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.tree.Commit;
import org.passerelle.hypervisor.xenstore.tree.Principal;
import org.passerelle.hypervisor.xenstore.tree.Store;
import org.passerelle.hypervisor.xenstore.tree.StorePath;

/** The domains that the store is in touch with, dom0 among them from the start. */
final class DomainTable {
  private final Store store;
  private final WatchTable watches = new WatchTable();
  private final Map<Integer, Domain> domains = new HashMap<>();

  DomainTable(Store store) {
    this.store = store;
    domains.put(0, newDomain(0));
  }

  boolean isIntroduced(int id) {
    return domains.containsKey(id);
  }

  Session open(int id, BiConsumer<String, String> events) {
    return open(id, events, () -> {});
  }

  /**
   * @param events told of each event's path and token
   * @param onClose told when the session ends, by whatever
   */
  Session open(int id, BiConsumer<String, String> events, Runnable onClose) {
    return new Session(store, watches, known("connect", id), events, onClose);
  }

  /** Throws ENOENT for a domain that is not known. */
  void require(String what, int id) {
    known(what, id);
  }

  /** Makes a domain known; of one that is, it ends the watches and transactions. */
  void introduce(int id) {
    if (id <= 0 || id >= DomainId.FIRST_RESERVED) {
      throw new StoreException("introduce domain " + id, "EINVAL");
    }
    Optional.ofNullable(domains.get(id))
        .ifPresent(known -> known.sessions().forEach(Session::reset));
    if (!domains.containsKey(id)) {
      domains.put(id, newDomain(id));
      watches.fireSpecial(StorePath.INTRODUCE_DOMAIN, id, store.current());
    }
  }

  /** Ends a domain's connections and removes what it owned. */
  void release(int id) {
    Domain gone = guest("release", id);
    List.copyOf(gone.sessions()).forEach(Session::close);
    domains.remove(id);
    domains.values().stream()
        .filter(other -> other.principal().target() == id)
        .forEach(other -> other.actFor(Principal.NO_TARGET));
    Commit commit = store.forget(id);
    watches.fire(commit);
    watches.fireSpecial(StorePath.RELEASE_DOMAIN, id, store.current());
  }

  /** Gives a domain the rights of another as well. */
  void setTarget(int id, int target) {
    known("set target", target);
    known("set target", id).actFor(target);
  }

  /** Throws EINVAL for dom0 and ENOENT for a domain that is not known. */
  Domain guest(String what, int id) {
    if (id == 0) {
      throw new StoreException(what + " domain 0", "EINVAL");
    }
    return known(what, id);
  }

  private Domain known(String what, int id) {
    Domain domain = domains.get(id);
    if (domain == null) {
      throw new StoreException(what + " domain " + id, "ENOENT");
    }
    return domain;
  }

  private Domain newDomain(int id) {
    return new Domain(id, id == 0 ? Integer.MAX_VALUE : store.quotas().outstanding());
  }
}
