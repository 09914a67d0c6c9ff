package org.passerelle.scripts;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.passerelle.hypervisor.xenstore.XenStore;

/** The process's one connection to XenStore, made when it is first needed; ends with it. */
final class StoreConnection implements Supplier<XenStore> {
  private final Path path;
  private XenStore store;

  StoreConnection(Path path) {
    this.path = path;
  }

  @Override
  public XenStore get() {
    if (store == null) {
      store = StoreTransport.connect(path);
    }
    return store;
  }
}
