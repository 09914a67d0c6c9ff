package org.passerelle.hypervisor.embedded;

import java.util.List;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.StoreOperations;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.XenStore.Permissions;

/**
 * A domain's directory in the store, {@code /local/domain/<domid>}, with its {@code name} and
 * {@code domid}. It belongs to the guest, as xend has it, so that its drivers can write below it;
 * what the toolstack says of the domain there it can read and not change, as with libxl.
 */
final class DomainDirectory {
  private final XenStore store;

  /** {@code store} is dom0's connection. */
  DomainDirectory(XenStore store) {
    this.store = store;
  }

  void make(DomainId domain, String name) {
    store.transaction(
        operations -> {
          String path = path(domain);
          operations.mkdir(path);
          operations.setPermissions(path, new Permissions(List.of("n" + domain.value())));
          tell(operations, domain, "name", name);
          tell(operations, domain, "domid", Integer.toString(domain.value()));
          return null;
        });
  }

  void remove(DomainId domain) {
    store.remove(path(domain));
  }

  private static void tell(StoreOperations store, DomainId domain, String key, String value) {
    String path = path(domain) + "/" + key;
    store.write(path, value);
    store.setPermissions(path, new Permissions(List.of("n0", "r" + domain.value())));
  }

  private static String path(DomainId domain) {
    return "/local/domain/" + domain.value();
  }
}
