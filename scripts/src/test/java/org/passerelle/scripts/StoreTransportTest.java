package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;

/** XenStore over raw socket calls, against a server at a socket. */
class StoreTransportTest {
  @TempDir Path directory;

  @Test
  void readsAndWrites() throws IOException {
    Path socket = directory.resolve("socket");
    try (StoreServer server = new StoreServer()) {
      server.listen(socket);
      StoreConnection connection = new StoreConnection(socket);
      try (XenStore store = connection.get()) {
        store.write("backend/vif/7/0/bridge", "xenbr0");
        store.write("long", "x".repeat(2000));
        assertThat(store.read("backend/vif/7/0/bridge")).isEqualTo("xenbr0");
        assertThat(store.read("/local/domain/0/long")).hasSize(2000);
        assertThat(store.readIfPresent("nothing")).isEmpty();
        assertThat(connection.get()).isSameAs(store);
      }
    }
  }

  @Test
  void saysWhereNobodyListens() {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> StoreTransport.connect(directory.resolve("none")))
        .withMessageContaining("connect to " + directory.resolve("none") + ": ENOENT")
        .withMessageContaining("does XENSTORED_PATH name its socket?");
  }

  @Test
  void saysWhenTheServerEnds() throws IOException {
    Path socket = directory.resolve("socket");
    StoreServer server = new StoreServer();
    server.listen(socket);
    try (XenStore store = StoreTransport.connect(socket)) {
      store.write("a", "b");
      server.close();
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> store.read("a"))
          .withMessageContaining("no connection to XenStore");
    }
  }
}
