package org.passerelle.scripts;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.client.XenStoreClient;

/**
 * The process's connection to XenStore, made when it is first needed, and again when it was lost;
 * ends with it.
 */
public final class StoreConnection implements Supplier<XenStore> {
  private final Path path;
  private XenStoreClient store;

  public StoreConnection(Path path) {
    this.path = path;
  }

  @Override
  public XenStore get() {
    if (store != null && store.isBroken()) {
      store.close();
      store = null;
    }
    if (store == null) {
      store = StoreTransport.connect(path);
    }
    return store;
  }
}
