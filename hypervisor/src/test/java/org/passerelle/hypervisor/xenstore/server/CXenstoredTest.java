package org.passerelle.hypervisor.xenstore.server;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.hypervisor.testing.CXenstored;
import org.passerelle.hypervisor.testing.ClientCheck;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.client.SocketTransport;
import org.passerelle.hypervisor.xenstore.client.XenStoreClient;

/** Our client over the JDK's socket, with Xen's own daemon. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CXenstoredTest {

  @TempDir Path directory;

  @Test
  void ourClient() throws Exception {
    try (CXenstored daemon = CXenstored.start(directory);
        XenStore store = new XenStoreClient(SocketTransport.connect(daemon.socket()));
        XenStore other = new XenStoreClient(SocketTransport.connect(daemon.socket()))) {
      ClientCheck.all(store, other);
    }
  }
}
