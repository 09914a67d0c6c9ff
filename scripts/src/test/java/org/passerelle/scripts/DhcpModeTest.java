package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
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
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.rtnl.DhcpHost;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.testing.KilledKernel;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.natroute.dhcp.DhcpKernel;
import org.passerelle.natroute.nft.NftKernel;

/** network-nat and vif-nat with dhcp=yes: a real client is told by a real server. */
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.IPROUTE2,
  Capability.NFTABLES,
  Capability.DNSMASQ,
  Capability.DHCP_CLIENT
})
class DhcpModeTest {
  private static final String BACKEND = "backend/vif/7/0";
  private static final String MAC = "00:16:3e:00:07:01";
  private static final String ONLINE = "online";
  private static final String DHCP = "dhcp=yes";

  /** What a client does with what it is told: prints it, and touches nothing. */
  private static final String CLIENT =
      "#!/bin/sh\n[ \"$1\" != bound ] || echo \"told $ip/$mask $router $hostname\"\n";

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir Path directory;

  private Path runDirectory;
  private RouterHosts hosts;
  private Kernel kernel;
  private StoreServer server;
  private XenStore store;

  @BeforeEach
  void host() throws Exception {
    runDirectory = Files.createDirectory(directory.resolve("run"));
    Files.writeString(directory.resolve("client"), CLIENT);
    Files.setPosixFilePermissions(
        directory.resolve("client"), PosixFilePermissions.fromString("rwxr-xr-x"));
    hosts = new RouterHosts(namespaces);
    kernel = new DhcpKernel(hosts.kernel, runDirectory, DhcpModeTest::unexpected);
    server = new StoreServer();
    store = server.connect(DomainId.DOM0);
    store.write(BACKEND + "/frontend-id", "7");
    store.write(BACKEND + "/handle", "0");
    store.write(BACKEND + "/mac", MAC);
    store.write("/local/domain/7/name", "web");
    RouterHosts.ip(hosts.guest, "link set eth0 address " + MAC);
  }

  @AfterEach
  void end() {
    DhcpKernel.end(runDirectory);
    store.close();
    server.close();
    hosts.close();
  }

  private static void unexpected(String warning) {
    throw new AssertionError(warning);
  }

  private ScriptRun network() {
    return new ScriptRun(new NetworkNat(), kernel, runDirectory);
  }

  private ScriptRun vif(Kernel of) {
    return ScriptRun.ofNatVif(of, runDirectory, store);
  }

  private void succeedsAtVif(String... words) {
    vif(kernel).succeeds(words);
  }

  /** The client's last line, after so many requests, one a second. */
  private String told(int requests) {
    String words =
        "udhcpc -f -n -q -T 1 -t " + requests + " -O hostname -i eth0 -s " + directory + "/client";
    return RouterHosts.say(hosts.guest, words)
        .text()
        .lines()
        .filter(line -> line.startsWith("told "))
        .findFirst()
        .orElse("");
  }

  private String told() {
    return told(8);
  }

  private long number() throws Exception {
    return Long.parseLong(Files.readString(runDirectory.resolve("dhcp/pid")).strip());
  }

  /** Between its last deed and its end a process is still seen. */
  private static void assertEnds(long number) throws InterruptedException {
    for (int look = 0; look < 200 && isAlive(number); look++) {
      Thread.sleep(10);
    }
    assertThat(isAlive(number)).isFalse();
  }

  private static boolean isAlive(long number) {
    return ProcessHandle.of(number).filter(ProcessHandle::isAlive).isPresent() && !isZombie(number);
  }

  private static boolean isZombie(long number) {
    try {
      return Files.readString(Path.of("/proc/" + number + "/stat")).contains(") Z ");
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  @Tag("host")
  @Needs(Capability.OTHER_USERS)
  void aClientIsToldAddressRouterAndName() throws Exception {
    network().succeeds("start", DHCP);
    succeedsAtVif(ONLINE);
    assertThat(told()).isEqualTo("told 10.0.7.1/16 10.0.7.128 web");
    RouterHosts.ip(hosts.guest, "address add 10.0.7.1/16 dev eth0");
    RouterHosts.ip(hosts.guest, "route add default via 10.0.7.128");
    assertThat(RouterHosts.hears(hosts.guest, "192.0.2.1")).isTrue();
    long server = number();
    assertThat(Files.readString(Path.of("/proc/" + server + "/status"))).contains("Uid:\t65534");
    succeedsAtVif("offline");
    assertThat(runDirectory.resolve("dhcp/hosts")).isEmptyDirectory();
    network().succeeds("stop");
    assertEnds(server);
    assertThat(runDirectory.resolve("dhcp")).doesNotExist();
  }

  /** It hears the vif whatever it is called. */
  @Test
  @Tag("host")
  void aVifMayHaveAnotherName() {
    store.write(BACKEND + "/vifname", "web0");
    store.write(BACKEND + "/ip", "10.9.8.200/24 fd00::7");
    network().succeeds("start", DHCP);
    succeedsAtVif(ONLINE);
    assertThat(told()).isEqualTo("told 10.9.8.200/16 10.9.8.73 web");
    succeedsAtVif("offline");
    store.remove(BACKEND + "/vifname");
    RouterHosts.ip(hosts.dom0, "link set web0 name vif7.0");
    succeedsAtVif(ONLINE);
    assertThat(runDirectory.resolve("dhcp/conf")).content().doesNotContain("web0");
  }

  @Test
  @Tag("host")
  @Needs(Capability.NFT)
  void aGuardedGuestMayAsk() {
    network().succeeds("start", DHCP, "antispoof=yes");
    succeedsAtVif(ONLINE);
    assertThat(RouterHosts.run(hosts.dom0, "nft list ruleset")).contains("passerelle-vif7.0");
    assertThat(told()).isEqualTo("told 10.0.7.1/16 10.0.7.128 web");
  }

  /** Returns when it is gone. */
  private static void kill(long number) {
    ProcessHandle process = ProcessHandle.of(number).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();
  }

  @Test
  @Tag("host")
  void oneThatWasKilledIsStartedByTheNext() throws Exception {
    network().succeeds("start", DHCP);
    long first = number();
    kill(first);
    succeedsAtVif(ONLINE);
    assertThat(number()).isNotEqualTo(first);
    assertThat(told()).isEqualTo("told 10.0.7.1/16 10.0.7.128 web");
    long second = number();
    kill(second);
    network().succeeds("start", DHCP);
    assertThat(number()).isNotEqualTo(second);
    assertThat(isAlive(number())).isTrue();
  }

  /** A line that cannot be read is one that nobody reads, but the first of all guests. */
  @Test
  @Tag("host")
  void ofOthersNothingIsRead() throws Exception {
    network().succeeds("start", DHCP);
    succeedsAtVif(ONLINE);
    succeedsAtVif("offline");
    long number = number();
    Path anothers = Files.createDirectories(runDirectory.resolve("dhcp/hosts/vif9.0"));
    succeedsAtVif(ONLINE);
    assertThat(told()).isEqualTo("told 10.0.7.1/16 10.0.7.128 web");
    succeedsAtVif("offline");
    assertThat(number()).isEqualTo(number);
    Files.delete(anothers);
    ScriptRun status = network();
    status.succeeds("status");
    assertThat(status.out()).contains("  dhcp           a dnsmasq of our own, process " + number);
  }

  /** Another server has the port meanwhile, so that ours cannot be started anew. */
  @Test
  @Tag("host")
  void aVifGoesThoughNoServerCanBeStarted() throws Exception {
    network().succeeds("start", DHCP);
    succeedsAtVif(ONLINE);
    kill(number());
    DatagramSocket other = hosts.dom0.call(() -> new DatagramSocket(67));
    try (other) {
      succeedsAtVif("offline");
      assertThat(RouterHosts.ip(hosts.dom0, "-o link show dev vif7.0")).doesNotContain(",UP");
      assertThat(RouterHosts.ip(hosts.dom0, "-o -4 address show dev vif7.0")).isEmpty();
      assertThat(kernel.dhcpHost("vif7.0")).isEmpty();
      assertThat(vif(kernel).run(ONLINE)).isEqualTo(1);
      assertThat(store.read(BACKEND + "/hotplug-error"))
          .contains(runDirectory + "/dhcp", "ss -lunp sport = :67");
    }
    succeedsAtVif(ONLINE);
    assertThat(kernel.isDhcpRunning()).isTrue();
  }

  /** Another network namespace's hears nothing in this one. */
  @Test
  @Tag("host")
  void eachNetworkHasItsOwn() throws Exception {
    network().succeeds("start", DHCP);
    long here = number();
    try (Kernel beyond =
        hosts.outside.call(
            () ->
                new DhcpKernel(
                    new NftKernel(NetlinkKernel.open()), runDirectory, DhcpModeTest::unexpected))) {
      assertThat(beyond.isDhcpRunning()).isFalse();
      beyond.startDhcp("network-nat w0");
      long there = number();
      assertThat(there).isNotEqualTo(here);
      assertThat(isAlive(here)).isTrue();
      assertThat(kernel.isDhcpRunning()).isTrue();
      DhcpKernel.end(runDirectory);
      assertEnds(here);
      assertEnds(there);
    }
  }

  /** A lease would keep the address for the guest that had it before. */
  @Test
  @Tag("host")
  void theNextGuestGetsTheAddress() throws Exception {
    network().succeeds("start", DHCP);
    succeedsAtVif(ONLINE);
    assertThat(told()).isNotEmpty();
    succeedsAtVif("offline");
    store.write(BACKEND + "/mac", "00:16:3e:00:07:02");
    RouterHosts.ip(hosts.guest, "link set eth0 address 00:16:3e:00:07:02");
    store.write("/local/domain/7/name", "db");
    long before = number();
    succeedsAtVif(ONLINE);
    assertThat(told()).isEqualTo("told 10.0.7.1/16 10.0.7.128 db");
    assertThat(number()).isNotEqualTo(before);
  }

  @Test
  @Tag("host")
  void anEntryIsForgotten() {
    network().succeeds("start", DHCP);
    succeedsAtVif(ONLINE);
    assertThat(told()).isNotEmpty();
    store.write(BACKEND + "/dhcp", "no");
    succeedsAtVif(ONLINE);
    assertThat(told(2)).isEmpty();
  }

  /** Another guest's MAC gets a guest nothing on its own vif. */
  @Test
  @Tag("host")
  void aGuestIsHeardOnItsOwnVif() {
    network().succeeds("start", DHCP);
    store.write(BACKEND + "/dhcp", "no");
    succeedsAtVif(ONLINE);
    kernel.add(
        new DhcpHost(
            "vif8.0",
            "vif8.0",
            MacAddress.parse(MAC),
            IpPrefix.address("10.0.8.1"),
            IpPrefix.address("10.0.8.128"),
            "other"));
    assertThat(told(2)).isEmpty();
  }

  @Test
  @Tag("host")
  @Needs(Capability.OTHER_USERS)
  void othersServersAreLeftAlone() throws Exception {
    Path file = directory.resolve("others.pid");
    RouterHosts.run(
        hosts.dom0, "PATH=$PATH:/usr/sbin dnsmasq -C /dev/null --port=0 --pid-file=" + file);
    long other = Long.parseLong(Files.readString(file).strip());
    network().succeeds("start", DHCP);
    long own = number();
    Files.writeString(runDirectory.resolve("dhcp/pid"), other + "\n");
    network().succeeds("stop");
    assertEnds(own);
    assertThat(isAlive(other)).isTrue();
    ProcessHandle.of(other).orElseThrow().destroy();
  }

  @ParameterizedTest
  @Tag("host")
  @CsvSource({
    "'web,10.0.0.9\ndhcp-script=/bin/sh', web-10-0-0-9-dhcp-script--bin-sh",
    "ignore, dom7"
  })
  void aNameIsNothingElse(String name, String told) {
    store.write("/local/domain/7/name", name);
    network().succeeds("start", DHCP);
    succeedsAtVif(ONLINE);
    assertThat(told()).isEqualTo("told 10.0.7.1/16 10.0.7.128 " + told);
  }

  @Test
  @Tag("host")
  void theServerRunsAsLongAsAnybodyWantsIt() throws Exception {
    RouterHosts.ip(hosts.dom0, "link add eth1 type veth peer name w1");
    network().succeeds("start", DHCP);
    network().succeeds("start", DHCP, "netdev=eth1");
    long server = number();
    network().succeeds("stop");
    assertThat(isAlive(server)).isTrue();
    network().succeeds("start", "dhcp=no", "netdev=eth1");
    assertEnds(server);
    assertThat(runDirectory.resolve("dhcp")).doesNotExist();
    network().succeeds("stop", "netdev=eth1");
  }

  @Test
  @Tag("host")
  void withoutAServerNobodyIsTold() {
    network().succeeds("start");
    assertThat(vif(kernel).run(ONLINE, DHCP)).isEqualTo(1);
    assertThat(store.read(BACKEND + "/hotplug-error"))
        .isEqualTo("dhcp=yes works once network-nat is started with dhcp=yes");
  }

  @ParameterizedTest
  @Tag("host")
  @ValueSource(booleans = {false, true})
  void aKilledOneIsUndoneByTheNext(boolean afterwards) throws Exception {
    String before = addresses();
    network().succeeds("start", "dhcp=no");
    killed(new NetworkNat(), 0, afterwards, "start", DHCP);
    assertThat(runDirectory.resolve("dhcp")).doesNotExist();
    network().succeeds("start", DHCP);
    for (int step = 0; step < 5; step++) {
      killed(new VifNat(), step, afterwards, ONLINE);
      assertThat(addresses()).isEqualTo(before);
      assertThat(kernel.dhcpHost("vif7.0")).isEmpty();
    }
    long server = number();
    killed(new NetworkNat(), 0, afterwards, "stop");
    assertThat(isAlive(number())).isTrue();
    assertThat(kernel.dhcpUsers()).isEqualTo(List.of("network-nat eth0"));
    network().succeeds("stop");
    assertEnds(server);
  }

  /** Without what the kernel says of the search for duplicates, which ends by itself. */
  private String addresses() {
    return RouterHosts.run(hosts.dom0, "ip -o address show | sed 's/ tentative//'; ip route show");
  }

  private void killed(HotplugScript script, int step, boolean afterwards, String... words) {
    try {
      new ScriptRun(script, new KilledKernel(kernel, step, afterwards), runDirectory)
          .with(store)
          .with("XENBUS_PATH", BACKEND)
          .with("vif", "vif7.0")
          .run(words);
      throw new AssertionError(String.join(" ", words) + " was not killed");
    } catch (KilledKernel.Killed e) {
      new ScriptRun(new Recover(), kernel, runDirectory).with(store).succeeds();
    }
  }
}
