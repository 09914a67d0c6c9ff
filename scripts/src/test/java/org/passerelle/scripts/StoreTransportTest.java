package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.hypervisor.testing.CXenstored;
import org.passerelle.hypervisor.testing.ClientCheck;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;
import org.passerelle.link.rtnl.KernelException;

/** XenStore over raw socket calls. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StoreTransportTest {
  @TempDir Path directory;

  @Test
  void allOfItAgainstOurServer() throws Exception {
    try (StoreServer server = new StoreServer()) {
      server.listen(directory.resolve("socket"));
      check(directory.resolve("socket"));
    }
  }

  @Test
  void allOfItAgainstTheCXenstored() throws Exception {
    try (CXenstored daemon = CXenstored.start(directory)) {
      check(daemon.socket());
    }
  }

  private static void check(Path socket) throws InterruptedException {
    try (XenStore store = StoreTransport.connect(socket);
        XenStore other = StoreTransport.connect(socket)) {
      ClientCheck.all(store, other);
    }
  }

  @Test
  void whereNobodyListens() {
    assertThatThrownBy(() -> StoreTransport.connect(directory.resolve("none")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("connect to " + directory.resolve("none") + ": ENOENT")
        .hasMessageContaining("does XENSTORED_PATH name its socket?");
  }

  @Test
  void whereOnlyRootMayConnect() {
    KernelException refusal = new KernelException("connect", 13, "EACCES", "");
    assertThat(StoreTransport.remedy(refusal)).isEqualTo("run it as root");
  }

  @Test
  void aServerThatEnds() throws IOException {
    StoreServer server = new StoreServer();
    server.listen(directory.resolve("socket"));
    try (XenStore store = StoreTransport.connect(directory.resolve("socket"))) {
      store.write("a", "b");
      server.close();
      assertThatThrownBy(() -> store.read("a"))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("no connection to XenStore");
    }
  }
}
