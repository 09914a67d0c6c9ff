package org.passerelle.scripts;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.testing.TestNamespaces;

/** A host whose NIC leads outside, for tests beside a real program that keeps its addresses. */
abstract class KeptHost {
  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir Path directory;
  Namespace dom0;
  Namespace outside;
  NetlinkKernel kernel;

  @BeforeEach
  void wire() {
    dom0 = namespaces.create();
    outside = namespaces.create();
    namespaces.wire(dom0, "eth0", outside, "w0");
    kernel = dom0.kernel();
    RouterHosts.ip(outside, "address add 192.0.2.1/24 dev w0");
  }

  @AfterEach
  void closeKernel() {
    kernel.close();
  }

  /** What network-bridge says; its files of the host are below root in the directory. */
  List<String> said(String... words) {
    ScriptRun script =
        new ScriptRun(
            new NetworkBridge(new HostFiles(directory.resolve("root"))),
            kernel,
            directory.resolve("run"));
    dom0.run(() -> script.succeeds(words));
    return script.out();
  }
}
