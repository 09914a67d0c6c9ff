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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;

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
class RealNetworkdTest extends KeptHost {
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

  private Process networkd;

  @BeforeEach
  void host() throws Exception {
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

  @ParameterizedTest
  @ValueSource(strings = {"netloop", "rename", "keep"})
  void dom0HasItsAddressesAndOneRoute(String generation) throws Exception {
    String way = "generation=" + generation;
    for (int round = 0; round < 3; round++) {
      said("start", "netdev=eth0", way);
      awaitOneRoute(generation.equals("keep") ? "xenbr0" : "eth0");
      said("stop", "netdev=eth0", way);
      awaitOneRoute("eth0");
      assertThat(links()).containsExactlyInAnyOrder("lo", "eth0");
    }
  }

  private List<String> links() {
    return kernel.links().stream().map(link -> link.name()).toList();
  }
}
