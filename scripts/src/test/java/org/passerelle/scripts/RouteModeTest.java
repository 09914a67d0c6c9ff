package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Extent;
import org.passerelle.link.testing.KilledKernel;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

/** network-route and vif-route on the real kernel: a guest and the outside reach each other. */
@Needs({Capability.NET_ADMIN, Capability.VETH, Capability.IPROUTE2})
class RouteModeTest {
  private static final String BACKEND = "backend/vif/7/0";

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir Path runDirectory;

  private RouterHosts hosts;
  private StoreServer server;
  private XenStore store;
  private ScriptRun network;
  private ScriptRun vif;

  @BeforeEach
  void host() {
    hosts = new RouterHosts(namespaces);
    server = new StoreServer();
    store = server.connect(DomainId.DOM0);
    network = new ScriptRun(new NetworkRoute(), hosts.kernel, runDirectory);
    vif =
        new ScriptRun(new VifRoute(), hosts.kernel, runDirectory)
            .with(store)
            .with("XENBUS_PATH", BACKEND)
            .with("netdev", "")
            .with("vif", "vif7.0");
  }

  @AfterEach
  void end() {
    store.close();
    server.close();
    hosts.close();
  }

  private void guest() {
    RouterHosts.ip(hosts.guest, "address add 192.0.2.77/32 dev eth0");
    RouterHosts.ip(hosts.guest, "route add 192.0.2.0/24 dev eth0");
    RouterHosts.ip(hosts.guest, "address add 2001:db8::77/128 dev eth0 nodad");
    RouterHosts.ip(hosts.guest, "route add default via fe80::fcff:ffff:feff:ffff dev eth0");
    store.write(BACKEND + "/ip", "192.0.2.77 2001:db8::77");
  }

  private String status() {
    return store.readIfPresent(BACKEND + "/hotplug-status").orElse("");
  }

  @Test
  void guestAndOutsideReachEachOtherUntilItGoes() {
    guest();
    assertThat(network.run("start")).as("%s", network.err()).isZero();
    assertThat(vif.run("online", "type_if=vif")).as("%s", vif.err()).isZero();
    assertThat(status()).isEqualTo("connected");
    assertThat(RouterHosts.hears(hosts.guest, "192.0.2.1")).isTrue();
    assertThat(RouterHosts.hears(hosts.outside, "192.0.2.77")).isTrue();
    assertThat(RouterHosts.hears(hosts.outside, "2001:db8::77")).isTrue();
    assertThat(RouterHosts.hears(hosts.guest, "2001:db8::1")).isTrue();
    assertThat(network.run("status")).isZero();
    assertThat(network.out()).contains("  vif7.0         192.0.2.77 2001:db8::77");
    assertThat(vif.run("offline", "type_if=vif")).isZero();
    assertThat(RouterHosts.hearsStill(hosts.outside, "192.0.2.77")).isFalse();
    assertThat(RouterHosts.ip(hosts.dom0, "neighbour show proxy")).isBlank();
    assertThat(RouterHosts.ip(hosts.dom0, "address show dev vif7.0")).doesNotContain("192.0.2.10");
  }

  @Test
  void whereIpv6IsOffTheGuestHasTheRest() {
    guest();
    RouterHosts.run(hosts.dom0, "echo 1 > /proc/sys/net/ipv6/conf/vif7.0/disable_ipv6");
    assertThat(network.run("start")).as("%s", network.err()).isZero();
    assertThat(vif.run("online")).as("%s", vif.err()).isZero();
    assertThat(RouterHosts.hears(hosts.outside, "192.0.2.77")).isTrue();
    assertThat(RouterHosts.ip(hosts.dom0, "neighbour show proxy")).isBlank();
  }

  @Test
  @Tag("host")
  void stopPutsAllSettingsBack() {
    RouterHosts.run(hosts.dom0, "echo 1 > /proc/sys/net/ipv4/conf/vif7.0/forwarding");
    RouterHosts.run(hosts.dom0, "echo 0 > /proc/sys/net/ipv4/conf/all/accept_redirects");
    List<String> before = hosts.settings();
    assertThat(network.run("start")).isZero();
    assertThat(network.run("start")).isZero();
    assertThat(hosts.settings())
        .contains("ipv4/ip_forward:1", "ipv4/conf/eth0/proxy_arp:1", "ipv6/conf/eth0/proxy_ndp:1")
        .contains("ipv6/conf/all/forwarding:1");
    assertThat(network.run("stop")).isZero();
    assertThat(hosts.settings()).isEqualTo(before);
    assertThat(network.run("stop")).isZero();
    assertThat(network.err()).anyMatch(line -> line.contains("is not started"));
    assertThat(hosts.settings()).isEqualTo(before);
  }

  @Test
  @Tag("host")
  void whatTwoWantIsPutBackByTheLastOfThem() {
    RouterHosts.ip(hosts.dom0, "link add eth1 type veth peer name wire1");
    List<String> before = hosts.settings();
    assertThat(network.run("start")).isZero();
    assertThat(network.run("start", "netdev=eth1", "ipv6=no")).isZero();
    assertThat(network.run("stop")).isZero();
    assertThat(hosts.settings())
        .contains("ipv4/ip_forward:1", "ipv4/conf/eth0/proxy_arp:0", "ipv4/conf/eth1/proxy_arp:1")
        .contains("ipv6/conf/all/forwarding:0");
    assertThat(network.run("stop", "netdev=eth1")).isZero();
    assertThat(hosts.settings()).isEqualTo(before);
  }

  @Test
  @Tag("host")
  void whatTheAdministratorHadSetStays() {
    RouterHosts.run(hosts.dom0, "echo 1 > /proc/sys/net/ipv4/ip_forward");
    assertThat(network.run("start", "ipv6=no")).isZero();
    assertThat(network.run("stop")).isZero();
    assertThat(hosts.settings()).contains("ipv4/ip_forward:1", "ipv4/conf/eth0/proxy_arp:0");
  }

  @Test
  @Tag("host")
  void aKilledOneIsUndoneByTheNext() throws Exception {
    List<String> before = hosts.settings();
    for (int step = 0; step < 4; step += Extent.stride(1, 3)) {
      ScriptRun dying =
          new ScriptRun(
              new NetworkRoute(), new KilledKernel(hosts.kernel, step, true), runDirectory);
      try {
        dying.run("start");
        throw new AssertionError("step " + step + " was not reached");
      } catch (KilledKernel.Killed e) {
        assertThat(new ScriptRun(new Recover(), hosts.kernel, runDirectory).run()).isZero();
      }
      assertThat(hosts.settings()).isEqualTo(before);
    }
    try (var files = Files.list(runDirectory.resolve("journal"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  @Tag("host")
  void withoutAMainAddressTheReasonIsTold() {
    store.write(BACKEND + "/ip", "192.0.2.77");
    assertThat(vif.run("online", "netdev=nosuch")).isEqualTo(1);
    assertThat(store.read(BACKEND + "/hotplug-error"))
        .startsWith("nosuch is not up.  Bring it up or specify another interface");
    assertThat(status()).isEqualTo("error");
    assertThat(vif.run("offline", "netdev=nosuch")).isZero();
  }

  @Test
  @Tag("host")
  void aNetdevThatIsNotThereIsNamed() {
    assertThat(network.run("start", "netdev=nosuch")).isEqualTo(1);
    assertThat(network.err()).anyMatch(line -> line.contains("there is no device nosuch"));
    assertThat(network.run("frobnicate")).isEqualTo(1);
    assertThat(network.err())
        .containsExactly("Unknown command: frobnicate", "Valid commands are: start, stop, status");
    assertThat(network.run("status")).isZero();
    assertThat(network.out()).anyMatch(line -> line.startsWith("eth0: up"));
  }
}
