package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.testing.Extent;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

/** A toolstack that starts many domains starts all of their vifs' scripts at once. */
@Needs({Capability.NET_ADMIN, Capability.VETH, Capability.BRIDGE})
class ManyVifsTest {
  private static final int VIFS = Extent.of(64, 256);

  /** As scripts/lib/slots.sh has it: three that took a slot, and one that was alone. */
  private static final int AT_A_TIME = 3 + 1;

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir Path directory;
  private Namespace dom0;

  @BeforeEach
  void host() {
    dom0 = namespaces.create();
    try (NetlinkKernel kernel = dom0.kernel()) {
      kernel.create(LinkSpec.of("xenbr0", BridgeKind.XEN));
      kernel.change("xenbr0", LinkChange.builder().up(true).build());
      for (int domain = 1; domain <= VIFS; domain++) {
        kernel.create(LinkSpec.of(vif(domain), new VethKind("guest" + domain)));
      }
    }
  }

  private static String vif(int domain) {
    return "vif" + domain + ".0";
  }

  private static String backend(int domain) {
    return "backend/vif/" + domain + "/0";
  }

  @Test
  void allAreConnectedByAFewVirtualMachinesAtATime() throws Exception {
    Path socket = directory.resolve("socket");
    Path output = directory.resolve("output");
    try (StoreServer server = new StoreServer();
        XenStore store = server.connect(DomainId.DOM0)) {
      server.listen(socket);
      domains().forEach(domain -> store.write(backend(domain) + "/bridge", "xenbr0"));
      Launcher launcher =
          new Launcher(
              dom0,
              output,
              Map.of(
                  "PASSERELLE_RUN_DIR", directory.resolve("run").toString(),
                  "XENSTORED_PATH", socket.toString()));
      atOnce(launcher, "online");
      assertThat(domains().filter(domain -> !isConnected(store, domain)))
          .as("not connected; the scripts said: %s", Files.readString(output))
          .isEmpty();
      assertThat(ports()).isEqualTo(VIFS);
      atOnce(launcher, "offline");
      assertThat(ports()).as("ports left; %s", Files.readString(output)).isZero();
    }
    assertThat(directory.resolve("run").resolve("vif-slots").resolve("alone")).doesNotExist();
    try (Stream<Path> journals = Files.list(directory.resolve("run").resolve("journal"))) {
      assertThat(journals).isEmpty();
    }
  }

  private static IntStream domains() {
    return IntStream.rangeClosed(1, VIFS);
  }

  private static boolean isConnected(XenStore store, int domain) {
    return store
        .readIfPresent(backend(domain) + "/hotplug-status")
        .filter("connected"::equals)
        .isPresent();
  }

  private long ports() {
    try (NetlinkKernel kernel = dom0.kernel()) {
      int bridge = kernel.link("xenbr0").orElseThrow().index();
      return kernel.links().stream().mapToInt(Link::master).filter(m -> m == bridge).count();
    }
  }

  /** With a question to network-bridge in the midst of them. */
  private void atOnce(Launcher launcher, String command) throws InterruptedException {
    List<Process> all = new ArrayList<>();
    domains().forEach(domain -> all.add(start(launcher, domain, command)));
    Process status = launcher.start("network-bridge", Map.of(), "status");
    int most = 0;
    while (all.stream().anyMatch(Process::isAlive)) {
      most = Math.max(most, atATime(all));
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(most).as("virtual machines at a time").isBetween(1, AT_A_TIME);
    assertThat(status.waitFor()).isZero();
  }

  /**
   * While they are looked at, one may end and another start. Those that are there in a second look
   * too were there together in between.
   */
  private static int atATime(List<Process> all) {
    List<Process> seen = all.stream().filter(ManyVifsTest::isVirtualMachine).toList();
    return (int) seen.stream().filter(ManyVifsTest::isVirtualMachine).count();
  }

  private static Process start(Launcher launcher, int domain, String command) {
    Map<String, String> device = Map.of("XENBUS_PATH", backend(domain), "vif", vif(domain));
    return launcher.start("vif-bridge", device, command, "type_if=vif");
  }

  /** The launcher becomes the virtual machine. */
  private static boolean isVirtualMachine(Process process) {
    return process.info().command().filter(path -> path.endsWith("/java")).isPresent();
  }
}
