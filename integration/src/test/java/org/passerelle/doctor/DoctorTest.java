package org.passerelle.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.doctor.Finding.Level;
import org.passerelle.doctor.check.Checks;
import org.passerelle.doctor.facts.FactReader;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.os.ScriptLock;
import org.passerelle.link.plan.Ownership;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.natroute.nft.NftKernel;
import org.passerelle.scripts.RunFile;
import org.passerelle.scripts.ScriptCall;
import org.passerelle.scripts.TrunkFiles;

/**
 * What the doctor says is so: a guest's packets are dropped where it says that they are, and the
 * lines that it advises let them pass.
 *
 * <pre>
 *   outside w0 ------ eth0 dom0 vif7.0 ------ eth0 guest
 *   192.0.2.1         192.0.2.10              10.0.7.1
 * </pre>
 */
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.IPROUTE2,
  Capability.NFTABLES,
  Capability.NFT
})
class DoctorTest {
  private static final String BACKEND = "backend/vif/7/0";

  /** As Docker makes them, without its own bridges. */
  private static final String DOCKER =
      "iptables -N DOCKER-USER && iptables -A DOCKER-USER -j RETURN && iptables -P FORWARD DROP &&"
          + " iptables -A FORWARD -j DOCKER-USER && iptables -A FORWARD -o docker0 -m conntrack"
          + " --ctstate RELATED,ESTABLISHED -j ACCEPT && iptables -A FORWARD -i docker0 ! -o"
          + " docker0 -j ACCEPT";

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir Path runDirectory;

  private Namespace outside;
  private Namespace dom0;
  private Namespace guest;
  private StoreServer server;
  private XenStore store;

  @BeforeEach
  void host() {
    outside = namespaces.create();
    dom0 = namespaces.create();
    guest = namespaces.create();
    namespaces.wire(outside, "w0", dom0, "eth0");
    namespaces.wire(dom0, "vif7.0", guest, "eth0");
    namespaces.address(outside, "w0", "192.0.2.1/24");
    namespaces.address(guest, "eth0", "10.0.7.1/16");
    server = new StoreServer();
    store = server.connect(DomainId.DOM0);
    store.write(BACKEND + "/frontend-id", "7");
    store.write(BACKEND + "/handle", "0");
  }

  @AfterEach
  void end() {
    store.close();
    server.close();
  }

  private void natted() {
    namespaces.address(dom0, "eth0", "192.0.2.10/24");
    run(guest, "ip route add default via 10.0.7.128");
    script("network-nat", "start");
    script("vif-nat", "online");
  }

  private void script(String name, String... words) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
    Map<String, String> environment =
        Map.of(
            "PASSERELLE_RUN_DIR",
            runDirectory.toString(),
            "XENBUS_PATH",
            BACKEND,
            "vif",
            "vif7.0",
            "XEN_SCRIPT_DIR",
            runDirectory.toString());
    ScriptCall call = new ScriptCall(name, name, List.of(words), environment);
    int code = dom0.call(() -> call.run(() -> store, stream, stream, () -> false));
    assertThat(code).as("%s", said).isZero();
  }

  /** What a command says; it succeeds. */
  private static String run(Namespace where, String words) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    assertThat(code(where, words, said)).as("%s: %s", words, said).isZero();
    return said.toString(StandardCharsets.UTF_8);
  }

  private static int code(Namespace where, String words, ByteArrayOutputStream said) {
    Process process =
        where.call(() -> new ProcessBuilder("sh", "-c", words).redirectErrorStream(true).start());
    try {
      process.getInputStream().transferTo(said);
      return process.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private boolean guestHearsOutside() {
    return guestHears("192.0.2.1");
  }

  /** It looks for its router anew: one that it has just failed to find it takes for absent. */
  private boolean guestHears(String address) {
    String ping = "ip neigh flush dev eth0; ping -n -c 1 -i 0.2 -w 2 " + address;
    return code(guest, ping, new ByteArrayOutputStream()) == 0;
  }

  private List<Finding> doctor() {
    return dom0.call(
        () -> {
          try (NftKernel kernel = new NftKernel(NetlinkKernel.open())) {
            return Checks.of(
                new FactReader(HostFiles.REAL, kernel).read(Map.of(), runDirectory, runDirectory));
          }
        });
  }

  private List<Finding> problems() {
    return doctor().stream().filter(finding -> finding.level() == Level.BAD).toList();
  }

  /** The one problem that there is; guests hear nothing until its advice is followed. */
  private Finding adviceHelps(String subject, String tool) {
    return adviceHelps(subject, tool, "192.0.2.1");
  }

  private Finding adviceHelps(String subject, String tool, String address) {
    assertThat(guestHears(address)).isFalse();
    assertThat(problems()).hasSize(1);
    Finding problem = problems().getFirst();
    assertThat(problem.subject()).isEqualTo(subject);
    List<String> lines =
        problem.commands().stream().filter(line -> line.startsWith(tool + " ")).toList();
    assertThat(lines).isNotEmpty();
    lines.forEach(line -> run(dom0, line));
    assertThat(guestHears(address)).isTrue();
    assertThat(problems()).isEmpty();
    return problem;
  }

  private void loadCaptured(String name) {
    run(dom0, "nft -f " + Path.of("src/test/resources/org/passerelle/doctor", name));
  }

  private void load(String rules) throws IOException {
    Path file = Files.writeString(runDirectory.resolve("rules.nft"), rules);
    run(dom0, "nft -f " + file);
    Files.delete(file);
  }

  /** The rules are those that firewalld itself made: by its defaults, and after this advice. */
  @Test
  void whatFirewalldRejectsIsSaidAndPassesByTheAdvice() {
    store.write(BACKEND + "/ip", "10.0.7.1 2001:db8:7::1");
    natted();
    run(dom0, "ip route add default via fe80::1 dev eth0");
    assertThat(guestHearsOutside()).isTrue();
    assertThat(problems()).isEmpty();
    loadCaptured("firewalld.nft");
    assertThat(guestHearsOutside()).isFalse();
    assertThat(problems())
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.what())
                    .contains(
                        "vif7.0 to eth0",
                        "reject with icmpx admin-prohibited",
                        "filter_FWD_public"));
    run(dom0, "sysctl -q -w net.ipv6.conf.all.forwarding=1");
    loadCaptured("firewalld-advised.nft");
    assertThat(guestHearsOutside()).isTrue();
    assertThat(doctor())
        .filteredOn(finding -> finding.section() == Finding.Section.FIREWALL)
        .allSatisfy(finding -> assertThat(finding.level()).as("%s", finding).isEqualTo(Level.OK));
  }

  @Test
  @Needs(Capability.IPTABLES)
  void whatDockersPolicyDropsIsSaidAndPassesByTheAdvice() {
    natted();
    run(dom0, DOCKER);
    Finding problem = adviceHelps("ip filter FORWARD", "iptables");
    assertThat(problem.what()).contains("the policy of chain FORWARD, drop");
    assertThat(run(dom0, "iptables -S DOCKER-USER")).contains("-i vif+ -o eth0 -j ACCEPT");
  }

  /** Docker keeps others from its containers so; guests' own packets have nothing to do with it. */
  @Test
  @Needs(Capability.IPTABLES)
  void whatIsDroppedBeforeRoutingIsSaidAndDockersOwnIsNot() {
    natted();
    run(dom0, "ip route add default via 192.0.2.1");
    run(dom0, "ip link add docker0 type bridge && ip link set docker0 up");
    run(dom0, "ip address add 172.17.0.1/16 dev docker0");
    run(dom0, "iptables -t raw -A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP");
    assertThat(doctor())
        .filteredOn(finding -> finding.section() == Finding.Section.FIREWALL)
        .allSatisfy(finding -> assertThat(finding.level()).isEqualTo(Level.OK));
    run(dom0, "iptables -t raw -A PREROUTING -i vif+ -j DROP");
    adviceHelps("ip raw PREROUTING", "iptables");
  }

  @Test
  void aTableOfTheAdministratorsIsSaidAndPassesByTheAdvice() throws IOException {
    natted();
    load(
        "table inet own { chain passing { type filter hook forward priority 0; policy drop; };"
            + " }\n");
    adviceHelps("inet own passing", "nft");
  }

  /** All hooks of a packet's way, those before a device, too; of dom0's own the router's answer. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ip own | prerouting priority raw | accept | iifname \"vif*\" drop | 192.0.2.1",
        "ip own | prerouting priority raw | accept | iifname eth0 ct state invalid drop |"
            + " 192.0.2.1",
        "inet own | postrouting priority 0 | drop | oifname lo accept | 192.0.2.1",
        "netdev own | ingress device vif7.0 priority 0 | drop | vlan id 9 accept | 192.0.2.1",
        "netdev own | ingress device eth0 priority 0 | accept | ether type ip drop | 192.0.2.1",
        "netdev own | egress device eth0 priority 0 | accept | ether type ip drop | 192.0.2.1",
        "inet own | postrouting priority 101 | accept | ct status snat drop | 192.0.2.1",
        "inet own | forward priority 0 | accept | ct status seen-reply drop | 192.0.2.1",
        "arp own | input priority 0 | drop | iifname lo accept | 10.0.7.128",
        "inet own | output priority 0 | drop | oifname lo accept | 10.0.7.128"
      })
  void whatIsDroppedAnywhereOnItsWayIsSaidAndPassesByTheAdvice(
      String table, String hook, String policy, String rule, String address) throws IOException {
    natted();
    assertThat(problems()).isEmpty();
    load(
        "table %s { chain there { type filter hook %s; policy %s; %s; }; }\n"
            .formatted(table, hook, policy, rule));
    assertThat(adviceHelps(table + " there", "nft", address).what()).contains("vif7.0");
  }

  /** The vif's script alone does not make guests heard. */
  @Test
  void theScriptThatWasNeverStartedIsNamed() {
    namespaces.address(dom0, "eth0", "192.0.2.10/24");
    run(dom0, "ip route add default via 192.0.2.1");
    run(guest, "ip route add default via 10.0.7.128");
    script("vif-nat", "online");
    assertThat(guestHearsOutside()).isFalse();
    Finding problem = problems().getFirst();
    assertThat(problem.what()).contains("vif-nat", "1 vif, vif7.0");
    assertThat(problem.commands()).containsExactly("network-nat start netdev=eth0");
    script("network-nat", "start", "netdev=eth0");
    assertThat(guestHearsOutside()).isTrue();
    assertThat(problems()).isEmpty();
  }

  /** Bridged packets are handed to these rules where br_netfilter is; in a new namespace it is. */
  @Test
  @Needs(Capability.BRIDGE)
  void whatIsDroppedOnABridgeIsSaidAndPassesByTheAdvice() throws IOException {
    run(dom0, "ip link add xenbr0 type bridge forward_delay 0 && ip link set xenbr0 up");
    run(dom0, "ip link set eth0 master xenbr0 && ip link set vif7.0 master xenbr0");
    namespaces.address(guest, "eth0", "192.0.2.7/24");
    load(
        "table bridge own { chain passing { type filter hook forward priority 0; policy drop; };"
            + " }\n");
    run(dom0, "nft add rule bridge own passing ether type arp accept");
    adviceHelps("bridge own passing", "nft");
  }

  @Test
  void lookingChangesNothing() {
    natted();
    loadCaptured("firewalld.nft");
    run(dom0, "nft add chain inet firewalld counted; nft add rule inet firewalld counted counter");
    String before = state();
    doctor();
    assertThat(state()).isEqualTo(before);
  }

  private String state() {
    return run(
        dom0,
        "nft -a list ruleset; ip -d -j link; ip -d -j address; ip -d -j route show table all;"
            + " cd /proc/sys/net && grep -r -s . ipv4/conf ipv6/conf ipv4/ip_forward;"
            + " find "
            + runDirectory
            + " -ls");
  }

  @Test
  void whatFlushedRulesTookAwayIsSaid() {
    natted();
    store.write(BACKEND + "/mac", "00:16:3e:00:00:07");
    store.write(BACKEND + "/antispoof", "yes");
    script("vif-nat", "online");
    assertThat(problems()).isEmpty();
    run(dom0, "nft flush ruleset; sysctl -q -w net.ipv4.ip_forward=0");
    assertThat(problems())
        .extracting(Finding::name)
        .containsExactly("forwarding-off", "nat-lost", "guard-lost");
  }

  /** What the doctor says is followed to its end, with what a start brings back and what not. */
  @Test
  void aLimitThatAFlushTookAwayIsMissedUntilItIsThereAgain() {
    namespaces.address(dom0, "eth0", "192.0.2.10/24");
    store.write(BACKEND + "/forward", "tcp:8080:80");
    script("network-nat", "start", "services=tcp:22");
    script("vif-nat", "online");
    assertThat(problems()).isEmpty();
    run(dom0, "nft flush ruleset");
    assertThat(problems())
        .extracting(Finding::name)
        .containsExactly("nat-lost", "services-lost", "forwards-lost");
    List<String> advice = problems().getFirst().commands();
    assertThat(advice).containsExactly("network-nat start netdev=eth0 services=tcp:22");
    script("network-nat", advice.getFirst().replaceFirst("network-nat ", "").split(" "));
    assertThat(problems())
        .extracting(Finding::name)
        .containsExactly("services-lost", "forwards-lost");
    script("vif-nat", "online");
    assertThat(problems()).isEmpty();
  }

  @Test
  void aDhcpServerThatWasKilledIsSaid() throws IOException {
    natted();
    assertThat(problems()).isEmpty();
    Files.createDirectories(RunFile.DHCP.in(runDirectory).resolve("users"));
    Files.createFile(RunFile.DHCP.in(runDirectory).resolve("users/network-nat+eth0"));
    Finding problem = problems().getFirst();
    assertThat(problem.name()).isEqualTo("dhcp-gone");
    assertThat(problem.commands()).containsExactly("network-nat start netdev=eth0 dhcp=yes");
  }

  /** A killed trunk process leaves its taps, as they are in their bridges. */
  @Test
  @Needs(Capability.TAP)
  void tapsThatNobodyServesAreSaid() throws IOException {
    run(
        dom0,
        "ip tuntap add eth0.100 mode tap && ip link set eth0.100 group "
            + Ownership.GROUP
            + " alias "
            + Ownership.alias("network-vlan:eth0.100"));
    TrunkFiles files = dom0.call(() -> TrunkFiles.of(runDirectory, "eth0"));
    files.make();
    try (ScriptLock _ = ScriptLock.take(files.lock())) {
      assertThat(doctor()).extracting(Finding::name).contains("trunk").doesNotContain("stray");
    }
    assertThat(problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.what()).contains("eth0.100"));
  }
}
