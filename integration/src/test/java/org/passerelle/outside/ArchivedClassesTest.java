package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.IpPrefix;

/**
 * What a vif's script needs comes from the class archive, all of it: one class that is read from a
 * jar costs 10 ms, since all jars are looked through for it, one that is made at run time 3 ms, and
 * one that is read from the JDK 1 ms or 2.
 */
@Needs({Capability.NET_ADMIN, Capability.VETH, Capability.BRIDGE})
class ArchivedClassesTest {
  private static final String BACKEND = "backend/vif/1/0";
  private static final Predicate<String> FROM_A_JAR =
      line -> line.contains("source: ") && line.endsWith(".jar");

  private static final Predicate<String> FROM_THE_JDK = line -> line.contains("source: jrt:");

  /** A hidden class has the class that asked for it as its source. */
  private static final Predicate<String> MADE_FOR_US =
      line -> line.contains("__JVM_LookupDefineClass__") || line.contains("source: org.passerelle");

  /** A lambda of ours that the build did not make a class of. */
  private static final Predicate<String> HIDDEN_LAMBDA =
      line -> line.contains("] org.passerelle") && line.contains("$$Lambda");

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir Path directory;
  private Namespace dom0;

  @BeforeEach
  void host() {
    dom0 = namespaces.create();
    try (NetlinkKernel kernel = dom0.kernel()) {
      kernel.create(LinkSpec.of("xenbr0", BridgeKind.XEN));
      kernel.create(LinkSpec.of("vif1.0", new VethKind("guest1")));
      kernel.create(LinkSpec.of("eth0", new VethKind("wire")));
      for (String device : List.of("xenbr0", "guest1", "wire", "eth0")) {
        kernel.change(device, LinkChange.builder().up(true).build());
      }
      kernel.add(Address.of("eth0", IpPrefix.parse("192.0.2.10/24")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vif-bridge", "vif-route", "vif-nat"})
  void noClassComesFromElsewhere(String script) throws Exception {
    loadsNoClassFromElsewhere(script, Map.of("ip", "192.0.2.11"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"vif-bridge", "vif-route", "vif-nat"})
  @Needs(Capability.NFTABLES)
  void norForAGuardedVif(String script) throws Exception {
    loadsNoClassFromElsewhere(
        script,
        Map.of("antispoof", "yes", "mac", "00:16:3e:00:00:01", "ip", "192.0.2.11 2001:db8::11"));
  }

  private void loadsNoClassFromElsewhere(String script, Map<String, String> nodes)
      throws Exception {
    Path socket = directory.resolve("socket");
    try (StoreServer server = new StoreServer();
        XenStore store = server.connect(DomainId.DOM0)) {
      server.listen(socket);
      store.write(BACKEND + "/bridge", "xenbr0");
      nodes.forEach((node, value) -> store.write(BACKEND + "/" + node, value));
      for (String command : List.of("online", "offline")) {
        assertThat(classesOf(script, command, socket))
            .noneMatch(FROM_A_JAR)
            .noneMatch(FROM_THE_JDK)
            .noneMatch(MADE_FOR_US)
            .noneMatch(HIDDEN_LAMBDA);
      }
    }
  }

  /** The virtual machine's own list, a line for each class with where it came from. */
  private List<String> classesOf(String name, String command, Path socket) throws Exception {
    Path classes = directory.resolve(command + ".classes");
    Path output = directory.resolve("output");
    Map<String, String> environment =
        Map.of(
            "PASSERELLE_RUN_DIR", directory.resolve("run").toString(),
            "XENSTORED_PATH", socket.toString(),
            "JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + classes);
    Process script =
        new Launcher(dom0, output, environment)
            .start(name, Map.of("XENBUS_PATH", BACKEND, "vif", "vif1.0"), command);
    assertThat(script.waitFor()).as(Files.readString(output)).isZero();
    try (Stream<String> lines = Files.lines(classes)) {
      List<String> all = lines.toList();
      assertThat(all).as("classes at all").hasSizeGreaterThan(500);
      return all;
    }
  }
}
