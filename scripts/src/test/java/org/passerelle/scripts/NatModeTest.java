package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
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
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.testing.Extent;
import org.passerelle.link.testing.KilledKernel;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.IpPrefix;

/** network-nat and vif-nat on the real kernel: the outside sees dom0, and its ports lead inside. */
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.IPROUTE2,
  Capability.NFTABLES,
  Capability.NFT
})
class NatModeTest {
  private static final String BACKEND = "backend/vif/7/0";
  private static final String OTHERS =
      "add table inet passerelle2; add chain inet passerelle2 c { type filter hook input priority"
          + " 0; }; add rule inet passerelle2 c counter accept";

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir Path runDirectory;

  private RouterHosts hosts;
  private StoreServer server;
  private XenStore store;

  @BeforeEach
  void host() {
    hosts = new RouterHosts(namespaces);
    server = new StoreServer();
    store = server.connect(DomainId.DOM0);
    store.write(BACKEND + "/frontend-id", "7");
    store.write(BACKEND + "/handle", "0");
    RouterHosts.run(hosts.dom0, "nft '" + OTHERS + "'");
  }

  @AfterEach
  void end() {
    store.close();
    server.close();
    hosts.close();
  }

  private ScriptRun network(Kernel kernel) {
    return new ScriptRun(new NetworkNat(), kernel, runDirectory);
  }

  private ScriptRun vif(Kernel kernel) {
    return ScriptRun.ofNatVif(kernel, runDirectory, store);
  }

  private String rules() {
    return RouterHosts.run(hosts.dom0, "nft -s list ruleset");
  }

  /** The guest's address as computed, and its router. */
  private void guest() {
    RouterHosts.ip(hosts.guest, "address add 10.0.7.1/16 dev eth0");
    RouterHosts.ip(hosts.guest, "route add default via 10.0.7.128");
  }

  @Test
  void theGuestGoesOutInDom0sName() {
    guest();
    network(hosts.kernel).succeeds("start");
    vif(hosts.kernel).succeeds("online", "type_if=vif");
    assertThat(store.read(BACKEND + "/hotplug-status")).isEqualTo("connected");
    assertThat(RouterHosts.hears(hosts.guest, "192.0.2.1")).isTrue();
    // Outside there is no route to 10.0.7.1: that it heard the answer shows whose name it had.
    assertThat(RouterHosts.hearsStill(hosts.outside, "10.0.7.1")).isFalse();
    ScriptRun status = network(hosts.kernel);
    status.succeeds("status");
    assertThat(status.out())
        .contains(
            "  forwards       IPv4, IPv6",
            "  masquerades    what leaves by eth0",
            "  vif7.0         10.0.7.1");
    vif(hosts.kernel).succeeds("offline", "type_if=vif");
    assertThat(RouterHosts.hearsStill(hosts.guest, "192.0.2.1")).isFalse();
  }

  @Test
  void severalAddressesAndIpv6GoOutToo() {
    store.write(BACKEND + "/ip", "10.0.9.5 10.0.9.130/16 fd00:7::1");
    for (String address : List.of("10.0.9.5/16", "10.0.9.130/16", "fd00:7::1/128")) {
      namespaces.address(hosts.guest, "eth0", address);
    }
    RouterHosts.ip(hosts.guest, "route add default via 10.0.9.132");
    RouterHosts.ip(hosts.guest, "route add default via fe80::fcff:ffff:feff:ffff dev eth0");
    network(hosts.kernel).succeeds("start");
    vif(hosts.kernel).succeeds("online");
    assertThat(RouterHosts.ip(hosts.dom0, "address show dev vif7.0"))
        .contains("10.0.9.132/32", "10.0.9.3/32");
    assertThat(RouterHosts.hears(hosts.guest, "-I 10.0.9.5 192.0.2.1")).isTrue();
    assertThat(RouterHosts.hears(hosts.guest, "-I 10.0.9.130 192.0.2.1")).isTrue();
    assertThat(RouterHosts.hears(hosts.guest, "2001:db8::1")).isTrue();
  }

  /** The setting that most administrators turn IPv6 off with; the kernel then takes no route. */
  @Test
  void whereIpv6IsOffTheGuestHasTheRest() {
    store.write(BACKEND + "/ip", "10.0.7.1 fd00:7::1");
    guest();
    RouterHosts.run(hosts.dom0, "echo 1 > /proc/sys/net/ipv6/conf/vif7.0/disable_ipv6");
    network(hosts.kernel).succeeds("start");
    ScriptRun vif = vif(hosts.kernel);
    vif.succeeds("online");
    assertThat(vif.err())
        .singleElement()
        .asString()
        .endsWith(
            "IPv6 is off at this vif (net/ipv6/conf/vif7.0/disable_ipv6=1), so there is no way to"
                + " [fd00:7:0:0:0:0:0:1/128]");
    assertThat(RouterHosts.hears(hosts.guest, "192.0.2.1")).isTrue();
  }

  @Test
  void aPortOfDom0LeadsToTheGuest() throws Exception {
    guest();
    store.write(BACKEND + "/forward", "tcp:8080:80");
    network(hosts.kernel).succeeds("start");
    vif(hosts.kernel).succeeds("online");
    vif(hosts.kernel).succeeds("online");
    assertThat(rules().split("8080 comment", -1)).hasSize(2);
    assertThat(answersFromGuest()).isEqualTo("the guest");
    store.remove(BACKEND + "/forward");
    vif(hosts.kernel).succeeds("offline");
    assertThat(rules()).doesNotContain("8080").contains("uplinks");
  }

  /** That of a host behind dom0 is its own. */
  @Test
  @Tag("host")
  void anothersPortIsNotDom0s() throws Exception {
    guest();
    store.write(BACKEND + "/forward", "tcp:8080:80");
    network(hosts.kernel).succeeds("start");
    vif(hosts.kernel).succeeds("online");
    assertThat(answersFromGuest("192.0.2.10")).isEqualTo("the guest");
    RouterHosts.ip(hosts.dom0, "link add behind type veth peer name nobody");
    RouterHosts.ip(hosts.dom0, "link set behind up");
    RouterHosts.ip(hosts.dom0, "link set nobody up");
    RouterHosts.ip(hosts.dom0, "route add 198.51.100.50 dev behind");
    RouterHosts.ip(hosts.dom0, "neigh add 198.51.100.50 lladdr 02:00:00:00:00:99 dev behind");
    RouterHosts.ip(hosts.outside, "route add 198.51.100.50 via 192.0.2.10");
    assertThatThrownBy(() -> answersFromGuest("198.51.100.50"))
        .hasStackTraceContaining("timed out");
  }

  private String answersFromGuest() throws Exception {
    return answersFromGuest("192.0.2.10");
  }

  /** What somebody outside is told by port 8080 of an address. */
  private String answersFromGuest(String address) throws Exception {
    try (ServerSocket listening =
        hosts.guest.call(() -> new ServerSocket(80, 1, IpPrefix.address("10.0.7.1")))) {
      Thread speaker =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (Socket one = listening.accept()) {
                      one.getOutputStream().write("the guest".getBytes(StandardCharsets.US_ASCII));
                    } catch (IOException e) {
                      // The test sees that nothing came.
                    }
                  });
      String told =
          hosts.outside.call(
              () -> {
                try (Socket socket = new Socket()) {
                  socket.connect(new InetSocketAddress(address, 8080), 3000);
                  return new String(
                      socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                }
              });
      speaker.join();
      return told;
    }
  }

  @Test
  void stopLeavesOthersRulesAndNothingOfOurs() {
    String rules = rules();
    List<String> before = hosts.settings();
    network(hosts.kernel).succeeds("start");
    String started = rules();
    network(hosts.kernel).succeeds("start");
    assertThat(rules()).isEqualTo(started).contains("masquerade").startsWith(rules);
    assertThat(hosts.settings()).contains("ipv4/ip_forward:1", "ipv4/conf/eth0/proxy_arp:0");
    network(hosts.kernel).succeeds("stop");
    assertThat(rules()).isEqualTo(rules);
    assertThat(hosts.settings()).isEqualTo(before);
  }

  @Test
  @Tag("host")
  void aGuestsPortsOutliveAStopAndGoWithIt() {
    store.write(BACKEND + "/forward", "udp:53:53 tcp:443:8443");
    String rules = rules();
    network(hosts.kernel).succeeds("start");
    vif(hosts.kernel).succeeds("online");
    network(hosts.kernel).succeeds("stop");
    assertThat(rules()).contains("udp . 53", "tcp . 443").doesNotContain("\"eth0\"");
    vif(hosts.kernel).succeeds("offline");
    assertThat(rules()).isEqualTo(rules);
  }

  @Test
  @Tag("host")
  void twoGuestsCannotHaveOnePort() {
    store.write(BACKEND + "/forward", "tcp:8080:80");
    network(hosts.kernel).succeeds("start");
    RouterHosts.run(
        hosts.dom0,
        "nft 'add element inet passerelle forwards4 { tcp . 8080 comment \"vif3.0\" : 10.0.3.1 ."
            + " 80 }'");
    assertThat(vif(hosts.kernel).run("online")).isEqualTo(1);
    assertThat(store.read(BACKEND + "/hotplug-error"))
        .isEqualTo("tcp port 8080 leads to 10.0.3.1 port 80 already, for vif3.0");
    assertThat(rules()).contains("vif3.0");
  }

  @Test
  @Tag("host")
  void withoutNetworkNatThereIsNoPort() {
    store.write(BACKEND + "/forward", "tcp:8080:80");
    assertThat(vif(hosts.kernel).run("online")).isEqualTo(1);
    assertThat(store.read(BACKEND + "/hotplug-error"))
        .isEqualTo(
            "forward= works once network-nat is started; again where somebody took its rules away");
  }

  @Test
  @Tag("host")
  void aKilledOneIsUndoneByTheNext() throws Exception {
    store.write(BACKEND + "/forward", "tcp:8080:80");
    String rules = rules();
    List<String> before = hosts.settings();
    for (int step = 0; step < 4; step += Extent.stride(1, 3)) {
      killed(network(new KilledKernel(hosts.kernel, step, step % 2 == 0)), "start");
      assertThat(rules()).isEqualTo(rules);
      assertThat(hosts.settings()).isEqualTo(before);
    }
    network(hosts.kernel).succeeds("start");
    String started = rules();
    String addresses = RouterHosts.ip(hosts.dom0, "-o address show dev vif7.0");
    for (int step = 0; step < 5; step += Extent.stride(1, 3)) {
      killed(vif(new KilledKernel(hosts.kernel, step, step % 2 == 0)), "online");
      assertThat(rules()).isEqualTo(started);
      assertThat(RouterHosts.ip(hosts.dom0, "-o address show dev vif7.0")).isEqualTo(addresses);
    }
    try (var files = Files.list(runDirectory.resolve("journal"))) {
      assertThat(files).isEmpty();
    }
  }

  private void killed(ScriptRun dying, String command) {
    try {
      dying.run(command);
      throw new AssertionError(command + " was not killed");
    } catch (KilledKernel.Killed e) {
      new ScriptRun(new Recover(), hosts.kernel, runDirectory).with(store).succeeds();
    }
  }
}
