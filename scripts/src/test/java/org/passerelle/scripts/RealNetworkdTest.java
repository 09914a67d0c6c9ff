package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

/**
 * Beside the real systemd-networkd, which gives a NIC its addresses and its route by the NIC's
 * name, whenever one appears under it: while network-bridge renames and moves, and after.
 */
@Tag("host")
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.BRIDGE,
  Capability.IPROUTE2,
  Capability.NETWORKD,
  Capability.OTHER_USERS
})
class RealNetworkdTest {
  private static final String NETWORK =
      """
      [Match]
      Name=eth0

      [Network]
      Address=192.0.2.10/24
      Address=2001:db8::10/64
      Gateway=192.0.2.1
      IPv6AcceptRA=no
      """;

  /** With files of its own, and no udev, as where /sys cannot be written. */
  private static final String NETWORKD =
      "mount -t tmpfs run /run && mount -t sysfs -o ro sys /sys"
          + " && mkdir -p /run/systemd/network /run/systemd/netif/links /run/systemd/netif/leases"
          + " && cp $0 /run/systemd/network/ && chown -R systemd-network /run/systemd/netif"
          + " && exec /lib/systemd/systemd-networkd";

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir private Path directory;
  private Namespace dom0;
  private NetlinkKernel kernel;
  private Process networkd;

  @BeforeEach
  void host() throws Exception {
    dom0 = namespaces.create();
    Namespace outside = namespaces.create();
    namespaces.wire(dom0, "eth0", outside, "w0");
    kernel = dom0.kernel();
    RouterHosts.ip(outside, "address add 192.0.2.1/24 dev w0");
    Path network = Files.writeString(directory.resolve("eth0.network"), NETWORK);
    networkd =
        dom0.call(
            () ->
                new ProcessBuilder(
                        "unshare", "--mount", "--", "sh", "-c", NETWORKD, network.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start());
    awaitOneRoute("eth0");
  }

  @AfterEach
  void end() throws InterruptedException {
    networkd.destroy();
    assertThat(networkd.waitFor(20, TimeUnit.SECONDS)).isTrue();
    kernel.close();
  }

  /** It acts some time after it hears of a link. */
  private void awaitOneRoute(String device) throws InterruptedException, IOException {
    String wanted = "default via 192.0.2.1 dev " + device + " proto static";
    String routes = "";
    for (int look = 0; look < 100; look++) {
      routes = RouterHosts.ip(dom0, "route show default").strip();
      if (routes.equals(wanted) && hasAddresses(device)) {
        return;
      }
      Thread.sleep(100);
    }
    throw new AssertionError(
        "wanted: " + wanted + "; there is: " + routes + "\n" + Files.readString(log()));
  }

  private Path log() {
    return directory.resolve("log");
  }

  private boolean hasAddresses(String device) {
    String addresses = RouterHosts.ip(dom0, "-br address show dev " + device);
    return addresses.contains("192.0.2.10/24") && addresses.contains("2001:db8::10/64");
  }

  private void networkBridge(String... words) {
    ScriptRun script =
        new ScriptRun(
            new NetworkBridge(new HostFiles(directory.resolve("root"))),
            kernel,
            directory.resolve("run"));
    dom0.run(() -> script.succeeds(words));
  }

  @ParameterizedTest
  @ValueSource(strings = {"netloop", "rename", "keep"})
  void dom0HasItsAddressesAndOneRoute(String generation) throws Exception {
    String way = "generation=" + generation;
    for (int round = 0; round < 3; round++) {
      networkBridge("start", "netdev=eth0", way);
      awaitOneRoute(generation.equals("keep") ? "xenbr0" : "eth0");
      networkBridge("stop", "netdev=eth0", way);
      awaitOneRoute("eth0");
      assertThat(links()).containsExactlyInAnyOrder("lo", "eth0");
    }
  }

  private List<String> links() {
    return kernel.links().stream().map(link -> link.name()).toList();
  }
}
