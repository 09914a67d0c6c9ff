package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.testing.KilledKernel;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.IpPrefix;

/** {@code services=} on the real kernel: what a guest reaches of dom0, and what it still does. */
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.IPROUTE2,
  Capability.NFTABLES,
  Capability.NFT
})
class ServicesTest {
  private static final String BACKEND = "backend/vif/7/0";
  private static final String DOM0 = "192.0.2.10";
  private static final int PATIENCE_MS = 700;

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
    store.write(BACKEND + "/ip", "10.0.7.1 fd00:7::1");
    RouterHosts.ip(hosts.guest, "address add 10.0.7.1/16 dev eth0");
    namespaces.address(hosts.guest, "eth0", "fd00:7::1/128");
    RouterHosts.ip(hosts.guest, "route add default via fe80::fcff:ffff:feff:ffff dev eth0");
  }

  @AfterEach
  void end() {
    store.close();
    server.close();
    hosts.close();
  }

  private static HotplugScript network(String mode) {
    return mode.equals("nat") ? new NetworkNat() : new NetworkRoute();
  }

  private static HotplugScript vif(String mode) {
    return mode.equals("nat") ? new VifNat() : new VifRoute();
  }

  private ScriptRun run(HotplugScript script, Kernel kernel) {
    return new ScriptRun(script, kernel, runDirectory)
        .with(store)
        .with("XENBUS_PATH", BACKEND)
        .with("vif", "vif7.0");
  }

  private void succeeds(HotplugScript script, String... words) {
    ScriptRun run = run(script, hosts.kernel);
    int code = run.run(words);
    assertThat(code).as("%s", run.err()).isZero();
  }

  private void started(String mode, String... words) {
    succeeds(network(mode), words);
    succeeds(vif(mode), "online");
    String router = mode.equals("nat") ? "10.0.7.128" : DOM0;
    RouterHosts.ip(hosts.guest, "route add default via " + router + " dev eth0 onlink");
  }

  private String rules() {
    return RouterHosts.run(hosts.dom0, "nft -s list ruleset");
  }

  /** Whether one reaches a port that somebody listens at. */
  private static boolean connects(Namespace from, Namespace to, String address, int port) {
    return to.call(
        () -> {
          try (ServerSocket _ = new ServerSocket(port, 1, IpPrefix.address(address))) {
            return from.call(() -> tryConnect(address, port));
          }
        });
  }

  private static boolean tryConnect(String address, int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), PATIENCE_MS);
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  private boolean dom0Hears(int port) {
    return hosts.dom0.call(
        () -> {
          try (DatagramSocket socket = new DatagramSocket(port)) {
            socket.setSoTimeout(PATIENCE_MS);
            hosts.guest.call(() -> sent(port));
            socket.receive(new DatagramPacket(new byte[8], 8));
            return true;
          } catch (SocketTimeoutException e) {
            return false;
          }
        });
  }

  private static boolean sent(int port) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.send(
          new DatagramPacket(new byte[4], 4, new InetSocketAddress(IpPrefix.address(DOM0), port)));
      return true;
    }
  }

  @ParameterizedTest
  @Tag("host")
  @ValueSource(strings = {"nat", "route"})
  void namedServicesAreReachedAndNoOthers(String mode) {
    started(mode, "start");
    assertThat(connects(hosts.guest, hosts.dom0, DOM0, 2300)).isTrue();
    assertThat(dom0Hears(5400)).isTrue();
    // Once more, with what is wanted now.
    succeeds(network(mode), "start", "services=tcp:2200,udp:5300");
    succeeds(vif(mode), "online");
    assertThat(connects(hosts.guest, hosts.dom0, DOM0, 2200)).isTrue();
    assertThat(connects(hosts.guest, hosts.dom0, DOM0, 2300)).isFalse();
    assertThat(dom0Hears(5300)).isTrue();
    assertThat(dom0Hears(5400)).isFalse();
    assertThat(dom0Hears(2200)).isFalse();
    assertThat(RouterHosts.hears(hosts.guest, DOM0)).isTrue();
  }

  @ParameterizedTest
  @Tag("host")
  @ValueSource(strings = {"nat", "route"})
  void whatPassesThroughDom0IsNotConcerned(String mode) {
    RouterHosts.ip(hosts.outside, "route add 10.0.7.0/24 via " + DOM0);
    started(mode, "start", "services=none");
    assertThat(RouterHosts.hears(hosts.guest, "192.0.2.1")).isTrue();
    assertThat(connects(hosts.guest, hosts.outside, "192.0.2.1", 2300)).isTrue();
    assertThat(connects(hosts.outside, hosts.dom0, DOM0, 2300)).isTrue();
  }

  @ParameterizedTest
  @Tag("host")
  @ValueSource(strings = {"nat", "route"})
  void dom0ReachesItsGuests(String mode) {
    started(mode, "start", "services=none");
    assertThat(connects(hosts.dom0, hosts.guest, "10.0.7.1", 2300)).isTrue();
    assertThat(RouterHosts.hears(hosts.dom0, "10.0.7.1")).isTrue();
  }

  /** The guest finds its router and is heard, after whatever either knew of the other is gone. */
  @ParameterizedTest
  @Tag("host")
  @ValueSource(strings = {"nat", "route"})
  void ipv6FindsItsRouterAndIsLimitedToo(String mode) {
    RouterHosts.ip(hosts.outside, "route add fd00:7::1 via 2001:db8::10");
    started(mode, "start", "services=tcp:2200");
    RouterHosts.ip(hosts.guest, "neigh flush all");
    RouterHosts.ip(hosts.dom0, "neigh flush all");
    assertThat(RouterHosts.hears(hosts.guest, "2001:db8::1")).isTrue();
    assertThat(RouterHosts.hears(hosts.guest, "2001:db8::10")).isTrue();
    assertThat(connects(hosts.guest, hosts.dom0, "2001:db8::10", 2200)).isTrue();
    assertThat(connects(hosts.guest, hosts.dom0, "2001:db8::10", 2300)).isFalse();
  }

  @Test
  @Tag("host")
  void aQuestionForALeaseIsHeard() {
    started("nat", "start", "services=none");
    assertThat(
            hosts.dom0.call(
                () -> {
                  try (DatagramSocket socket = new DatagramSocket(67)) {
                    socket.setSoTimeout(PATIENCE_MS);
                    hosts.guest.call(
                        () -> {
                          try (DatagramSocket client = new DatagramSocket(68)) {
                            client.send(
                                new DatagramPacket(
                                    new byte[4],
                                    4,
                                    new InetSocketAddress(IpPrefix.address(DOM0), 67)));
                            return true;
                          }
                        });
                    socket.receive(new DatagramPacket(new byte[8], 8));
                    return true;
                  }
                }))
        .isTrue();
    assertThat(dom0Hears(67)).as("from another port than a client's").isFalse();
  }

  /** A vif's own words count more than the host's, and follow its name. */
  @Test
  @Tag("host")
  void aVifsOwnWordsComeFirst() {
    store.write(BACKEND + "/services", "tcp:2300");
    store.write(BACKEND + "/vifname", "web0");
    started("nat", "start", "services=none");
    assertThat(connects(hosts.guest, hosts.dom0, DOM0, 2300)).isTrue();
    assertThat(connects(hosts.guest, hosts.dom0, DOM0, 2200)).isFalse();
    store.write(BACKEND + "/services", "any");
    succeeds(vif("nat"), "online");
    assertThat(connects(hosts.guest, hosts.dom0, DOM0, 2200)).isTrue();
  }

  @ParameterizedTest
  @Tag("host")
  @ValueSource(strings = {"nat", "route"})
  void allGoesAgain(String mode) {
    RouterHosts.run(hosts.dom0, "nft add table inet others");
    String before = rules();
    succeeds(network(mode), "start", "services=tcp:22");
    succeeds(vif(mode), "online");
    String attached = rules();
    succeeds(vif(mode), "online");
    assertThat(rules()).isEqualTo(attached).contains("\"vif7.0\" . tcp . 22");
    succeeds(vif(mode), "offline");
    assertThat(rules()).doesNotContain("vif7.0");
    succeeds(network(mode), "stop");
    assertThat(rules()).isEqualTo(before);
    succeeds(vif(mode), "online");
    assertThat(rules()).isEqualTo(before);
    assertThat(runDirectory.resolve("limited")).isEmptyDirectory();
    assertThat(runDirectory.resolve("services")).isEmptyDirectory();
  }

  @ParameterizedTest
  @Tag("host")
  @CsvSource({"nat, 0", "nat, 1", "nat, 3", "route, 0", "route, 1", "route, 2", "route, 4"})
  void aKilledOneIsUndone(String mode, int step) throws IOException {
    succeeds(network(mode), "start", "services=tcp:22");
    String started = rules();
    for (boolean after : new boolean[] {false, true}) {
      KilledKernel dying = new KilledKernel(hosts.kernel, step, after);
      try {
        run(vif(mode), dying).run("online");
        throw new AssertionError("was not killed");
      } catch (KilledKernel.Killed e) {
        succeeds(new Recover());
      }
      assertThat(rules()).isEqualTo(started);
    }
    try (var files = Files.list(runDirectory.resolve("journal"))) {
      assertThat(files).isEmpty();
    }
  }

  /** Else the guest would reach all of dom0 from then on. */
  @ParameterizedTest
  @Tag("host")
  @ValueSource(strings = {"nat", "route"})
  void aVifWhoseNewNameIsForgottenIsReleasedAllTheSame(String mode) {
    store.write(BACKEND + "/vifname", "web0");
    started(mode, "start", "services=none");
    store.remove(BACKEND + "/vifname");
    succeeds(vif(mode), "offline");
    assertThat(RouterHosts.ip(hosts.dom0, "-o link show dev web0")).contains("state DOWN");
    assertThat(rules()).doesNotContain("web0");
  }

  /** An entry that says otherwise would be there when the toolstack has given up. */
  @Test
  @Tag("host")
  void wordsThatAreNoneAttachNothing() {
    store.write(BACKEND + "/services", "ssh");
    succeeds(network("nat"), "start");
    assertThat(run(vif("nat"), hosts.kernel).run("online")).isEqualTo(1);
    assertThat(store.read(BACKEND + "/hotplug-error")).startsWith("services=ssh is not PROTOCOL");
    assertThat(run(network("nat"), hosts.kernel).run("start", "services=ssh")).isEqualTo(1);
    assertThat(new HostServices(runDirectory).of("network-nat")).isEmpty();
  }

  @Test
  @Tag("host")
  void aStartThatFailsLeavesTheWordsAsTheyWere() {
    succeeds(network("nat"), "start", "services=tcp:22");
    assertThat(run(network("nat"), hosts.kernel).run("start", "services=none", "ipv6=maybe"))
        .isEqualTo(1);
    assertThat(new HostServices(runDirectory).of("network-nat")).contains("tcp:22");
    assertThat(run(network("route"), hosts.kernel).run("start", "netdev=eth9", "services=none"))
        .isEqualTo(1);
    assertThat(new HostServices(runDirectory).of("network-route")).isEmpty();
  }

  @Test
  @Tag("host")
  void oneListIsForAllOfAScript() {
    succeeds(network("nat"), "start", "services=tcp:22");
    namespaces.wire(hosts.outside, "w1", hosts.dom0, "eth1");
    ScriptRun second = run(network("nat"), hosts.kernel);
    assertThat(second.run("start", "netdev=eth1", "services=none")).isEqualTo(1);
    assertThat(second.err())
        .containsExactly("script: services=none: it is tcp:22 for another netdev already");
    succeeds(network("nat"), "start", "netdev=eth1", "services=tcp:22");
    succeeds(network("nat"), "stop");
    assertThat(new HostServices(runDirectory).of("network-nat")).contains("tcp:22");
  }

  @Test
  @Tag("host")
  void withBridgesItIsRefused() {
    FakeKernel kernel = new FakeKernel();
    ScriptRun network = run(new NetworkBridge(), kernel);
    assertThat(network.run("start", "services=none")).isEqualTo(1);
    assertThat(network.err()).containsExactly("script: " + HostServices.WITH_BRIDGES);
    store.write(BACKEND + "/services", "none");
    assertThat(run(new VifBridge(), kernel).run("online")).isEqualTo(1);
    assertThat(store.read(BACKEND + "/hotplug-error")).isEqualTo(HostServices.WITH_BRIDGES);
  }

  /** What was limited before its forward= finds a table, in which nothing leads out yet. */
  @Test
  @Tag("host")
  void aLimitedVifsTableIsNotNetworkNats() {
    store.write(BACKEND + "/services", "none");
    succeeds(vif("nat"), "online");
    store.write(BACKEND + "/forward", "tcp:8080:80");
    assertThat(run(vif("nat"), hosts.kernel).run("online")).isEqualTo(1);
    assertThat(store.read(BACKEND + "/hotplug-error"))
        .isEqualTo(
            "forward= works once network-nat is started; again where somebody took its rules away");
    assertThat(rules()).contains("elements = { \"vif7.0\" comment \"vif7.0\" }");
  }
}
