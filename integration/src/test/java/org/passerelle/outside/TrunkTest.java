package org.passerelle.outside;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

/** Tests of the trunk process, each with hosts of its own. */
@Needs({
  Capability.NET_ADMIN,
  Capability.TAP,
  Capability.VETH,
  Capability.BRIDGE,
  Capability.PACKET_SOCKET,
  Capability.INGRESS_DROP,
  Capability.IPROUTE2
})
abstract class TrunkTest {
  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir Path directory;
  TrunkHosts hosts;

  @BeforeEach
  void makeHosts() {
    hosts = new TrunkHosts(namespaces, directory);
  }

  @AfterEach
  void endHosts() {
    hosts.close();
  }
}
