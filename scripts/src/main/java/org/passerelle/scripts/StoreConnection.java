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
  private final Supplier<XenStore> watching;
  private XenStoreClient store;
  private XenStore watched;

  public StoreConnection(Path path) {
    this(path, () -> null);
  }

  /**
   * Beside one that watches, which has a thread between whoever asks and his answer; here he reads
   * it himself. The other sees at once when XenStore ends, and this one goes with it.
   */
  public StoreConnection(Path path, Supplier<XenStore> watching) {
    this.path = path;
    this.watching = watching;
  }

  @Override
  public XenStore get() {
    XenStore other = watching.get();
    if (store != null && (store.isBroken() || other != watched)) {
      store.close();
      store = null;
    }
    watched = other;
    if (store == null) {
      store = StoreTransport.connect(path);
    }
    return store;
  }
}
