package org.passerelle.doctor.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.passerelle.doctor.Finding;
import org.passerelle.doctor.facts.NetFacts;
import org.passerelle.doctor.facts.OwnFacts;
import org.passerelle.doctor.facts.Routing;
import org.passerelle.doctor.facts.XenFacts;
import org.passerelle.doctor.facts.XenFacts.State;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.HostCapability;
import org.passerelle.scripts.LeaseKeeper;

/** Each thing that can be the matter, alone on a host that is well otherwise. */
class ChecksTest {

  private static Arguments ill(String complaint, Consumer<Hosts> how) {
    return Arguments.of(complaint, how);
  }

  private static Stream<Arguments> ills() {
    return Stream.of(kernel(), xen(), network(), own()).flatMap(some -> some);
  }

  private static Stream<Arguments> kernel() {
    return Stream.of(
        ill("UNSEEN kernel-untried kernel", host -> host.tried = Optional.empty()),
        ill("BAD no-bridge kernel", host -> host.tried = lacks(Capability.BRIDGE)),
        ill("WARN no-vlan-8021q kernel", host -> host.tried = lacks(Capability.VLAN_8021Q)),
        ill("WARN no-ipv6 kernel", host -> host.ipv6 = false),
        ill("WARN settings-read-only /proc/sys", host -> host.readOnly = true));
  }

  private static Optional<List<HostCapability>> lacks(Capability capability) {
    return Optional.of(List.of(new HostCapability(capability, false, "EOPNOTSUPP", "modprobe")));
  }

  private static Stream<Arguments> xen() {
    return Stream.of(
        ill("WARN no-dom0 host", host -> host.xen = with(false, List.of(), Optional.empty())),
        ill(
            "BAD no-xen-devices /dev/xen",
            host -> host.xen = with(true, List.of("gntdev"), Optional.empty())),
        ill(
            "BAD no-xenstore XenStore",
            host -> host.xen = with(true, List.of(), Optional.of("ENOENT"))),
        ill(
            "BAD script-copied /etc/xen/scripts/vif-bridge",
            host -> host.dom0(Map.of("vif-bridge", State.COPY), Optional.empty(), true)),
        ill(
            "WARN vif-script-not-ours /etc/xen/scripts/vif-bridge",
            host -> host.dom0(Map.of("vif-bridge", State.OTHERS), Optional.empty(), true)),
        ill(
            "BAD no-vif-script /etc/xen/scripts/vif-own",
            host -> host.dom0(Map.of(), Optional.of("vif-own"), true)),
        ill(
            "BAD nobody-runs-scripts /etc/xen/xl.conf",
            host -> host.dom0(Map.of("vif-bridge", State.OURS), Optional.empty(), false)),
        ill(
            "WARN scripts-mixed /etc/xen/scripts",
            host ->
                host.dom0(
                    Map.of("vif-bridge", State.OURS, "vif-nat", State.OTHERS),
                    Optional.empty(),
                    true)));
  }

  private static XenFacts with(boolean dom0, List<String> missing, Optional<String> storeFailure) {
    return Hosts.xen(
        "xen",
        dom0,
        missing,
        storeFailure,
        Map.of("vif-bridge", State.OURS),
        Optional.empty(),
        true);
  }

  private static Stream<Arguments> network() {
    return Stream.of(
        ill(
            "BAD forwarding-off net.ipv4.ip_forward",
            host -> host.started.add("network-route eth0")),
        ill(
            "WARN rp-filter-strict net.ipv4.conf.all.rp_filter",
            host -> host.settings.put("ipv4/conf/all/rp_filter", "1")),
        ill(
            "WARN bridge-nf-on net.bridge.bridge-nf-call-iptables",
            host -> host.settings.put("bridge/bridge-nf-call-iptables", "1")),
        ill("UNSEEN rules-unread nftables", host -> host.rulesRead = false),
        ill(
            "UNSEEN legacy-unread /proc/net/ip_tables_names",
            host -> host.legacy = Optional.empty()),
        ill(
            "WARN legacy-iptables iptables-legacy",
            host -> host.legacy = Optional.of(List.of("filter"))),
        ill("WARN no-way-out routes", host -> host.uplink = Optional.empty()),
        ill("WARN networkmanager eth0", host -> host.keeper = LeaseKeeper.NETWORK_MANAGER),
        ill("WARN networkd eth0", host -> host.keeper = LeaseKeeper.NETWORKD),
        ill("WARN leased eth0", host -> host.keeper = LeaseKeeper.IFUPDOWN),
        ill("WARN leased eth0", host -> host.keeper = LeaseKeeper.UDHCPC),
        ill("WARN leased eth0", host -> host.keeper = LeaseKeeper.DHCPCD_MANAGER),
        ill(
            "BAD kept-below xenbr0",
            host -> {
              host.uplink = Optional.of("xenbr0");
              host.keptPort = Optional.of("eth0");
              host.keeper = LeaseKeeper.UDHCPC;
            }));
  }

  private static Stream<Arguments> own() {
    return Stream.of(
        ill("UNSEEN run-directory-unread /run/passerelle", host -> host.readable = false),
        ill("BAD journal-left j", host -> host.journals.add(left("network-nat start", true))),
        ill("BAD journal-unreadable j", host -> host.journals.add(left("", false))),
        ill(
            "WARN journal-of-elsewhere j",
            host -> host.journals.add(left("network-nat start", false))),
        ill("WARN lab-left /run/passerelle/lab/x", host -> host.labs.add("/run/passerelle/lab/x")),
        ill("WARN stray /run/passerelle/y", host -> host.strays.add("/run/passerelle/y")),
        ill(
            "BAD nat-lost inet passerelle",
            host -> {
              host.natted("eth0").table.clear();
              // A vif with services= has made it anew.
              host.tables.add("inet passerelle");
            }),
        ill(
            "BAD not-started network-nat",
            host -> host.guest("vif7.0", Routing.Mode.NAT, "10.0.7.1")),
        ill(
            "WARN not-started network-route",
            host ->
                host.natted("eth0")
                    .guest("vif8.0", Routing.Mode.NAT, "10.0.8.1")
                    .guest("vif7.0", Routing.Mode.ROUTE, "192.0.2.7")),
        ill("BAD services-lost vif7.0", host -> host.vif("vif7.0", "").limited.add("vif7.0")),
        ill(
            "WARN unlimited vif7.0",
            host -> {
              host.natted("eth0").guest("vif7.0", Routing.Mode.NAT, "10.0.7.1");
              host.guest("vif8.0", Routing.Mode.NAT, "10.0.8.1").limited.add("vif8.0");
              host.entry("guests", "vif8.0", "vif8.0");
              host.services.putAll(
                  Map.of("network-nat eth0", "tcp:22", "network-nat eth1", "none"));
            }),
        ill(
            "BAD forwards-lost vif7.0",
            host ->
                host.natted("eth0")
                    .vif("vif7.0", "")
                    .vif("vif8.0", "")
                    .entry("forwards4", "80", "vif8.0")
                    .forwards
                    .putAll(
                        Map.of("vif7.0", "forwards4 81", "vif8.0", "forwards4 80\nforwards4 82"))),
        ill(
            "BAD trunk-gone eth0",
            host -> {
              host.taps.put("eth0", List.of("eth0.100", "eth0.200"));
              host.trunks.add("eth1");
            }),
        ill("BAD dhcp-gone DHCP", host -> host.natted("eth0").dhcpUsers.add("network-nat eth0")),
        ill(
            "UNSEEN dhcp-unseen DHCP",
            host -> {
              host.natted("eth0").dhcpUsers.add("network-nat eth0");
              host.dhcpRunning = Optional.empty();
            }),
        ill("BAD guard-lost web0", host -> host.vif("web0", "br").guards.put("web0", "vif7.0")),
        ill(
            "WARN unguarded vif7.0",
            host -> host.vif("vif7.0", "br").hostGuards.add("network-bridge eth0")),
        ill(
            "WARN guard-left netdev passerelle-vif9.0",
            host -> host.tables.add("netdev passerelle-vif9.0")),
        ill("WARN agent-dead agent, process 7", host -> host.agent = agent(false, true, false)),
        ill("WARN agent-deaf agent, process 7", host -> host.agent = agent(true, false, false)),
        ill("WARN agent-older agent, process 7", host -> host.agent = agent(true, true, true)),
        ill("WARN no-archive scripts/target/lib", host -> host.unarchived.add("vif-nat")));
  }

  private static OwnFacts.Left left(String owner, boolean here) {
    return new OwnFacts.Left("j", owner, false, here);
  }

  private static Optional<OwnFacts.Agent> agent(boolean running, boolean serves, boolean older) {
    return Optional.of(new OwnFacts.Agent(7, running, serves, older));
  }

  @ParameterizedTest
  @MethodSource("ills")
  void isSaidAloneAndWithWhatToDo(String complaint, Consumer<Hosts> how) {
    Hosts host = new Hosts();
    how.accept(host);
    assertThat(host.complaints())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.level() + " " + finding.name() + " " + finding.subject())
                  .isEqualTo(complaint);
              assertThat(finding.remedy()).isNotEmpty();
              assertThat(finding.effect().isEmpty())
                  .isEqualTo(finding.level() == Finding.Level.UNSEEN);
            });
  }

  @Test
  void aHealthyHostHasNothing() {
    assertThat(new Hosts().complaints()).isEmpty();
    assertThat(
            new Hosts().dom0(Map.of("vif-bridge", State.OURS), Optional.empty(), true).complaints())
        .isEmpty();
    assertThat(
            new Hosts()
                .dom0(
                    Map.of("vif-bridge", State.OTHERS),
                    Optional.of(Hosts.OURS.resolve("vif-nat").toString()),
                    true)
                .complaints())
        .isEmpty();
  }

  /** Each section says something of a healthy host, too. */
  @ParameterizedTest
  @EnumSource(Finding.Section.class)
  void nothingIsPassedOver(Finding.Section section) {
    assertThat(Checks.of(new Hosts().facts())).anyMatch(one -> one.section() == section);
  }

  @Test
  void whatIsUnderWayIsNotLeft() {
    Hosts host = new Hosts();
    host.journals.add(new OwnFacts.Left("j", "network-nat start", true, true));
    assertThat(host.complaints()).isEmpty();
  }

  @Test
  void anAgentRunsTheScriptsThatXlDoesNot() {
    Hosts host = new Hosts().dom0(Map.of("vif-bridge", State.OURS), Optional.empty(), false);
    host.agent = agent(true, true, false);
    assertThat(host.complaints()).isEmpty();
  }

  /** By the device's name, which a start gives to another one. */
  @Test
  void udhcpcGoesOnWithWhatAStartMade() {
    Hosts host = new Hosts();
    host.keeper = LeaseKeeper.UDHCPC;
    host.vif("eth0", "");
    assertThat(host.complaints()).isEmpty();
    host.keeper = LeaseKeeper.DHCLIENT;
    assertThat(host.complaints()).isNotEmpty();
  }

  @Test
  void aGuardThatIsThereIsWell() {
    Hosts host = new Hosts().vif("vif7.0", "br");
    host.hostGuards.add("network-bridge eth0");
    host.guards.put("vif7.0", "vif7.0");
    host.tables.add("netdev passerelle-vif7.0");
    assertThat(host.complaints()).isEmpty();
  }

  /** `nft flush ruleset`, and then what the doctor says: the table is there, the guest is not. */
  @Test
  void aTableThatWasMadeAnewLimitsNobody() {
    Hosts host = new Hosts().natted("eth0").vif("vif7.0", "").vif("vif8.0", "");
    host.tables.add("inet passerelle");
    host.limited.addAll(List.of("vif7.0", "vif8.0", "vif9.0"));
    host.entry("guests", "vif7.0", "vif7.0");
    assertThat(host.complaints())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.name()).isEqualTo("services-lost");
              assertThat(finding.subject()).isEqualTo("vif8.0");
            });
    host.entry("guests", "vif8.0", "vif8.0");
    assertThat(host.complaints()).isEmpty();
  }

  /** Rules match by the name that a vif has now. */
  @Test
  void aLimitIsThatOfTheVifsOtherName() {
    Hosts host = new Hosts().natted("eth0");
    host.devices.add(new NetFacts.Device("web0", "vif7.0", "veth", ""));
    host.limited.add("vif7.0");
    host.entry("guests", "vif7.0", "vif7.0");
    assertThat(host.complaints()).extracting(Finding::name).containsExactly("services-lost");
    host.entry("guests", "web0", "vif7.0");
    assertThat(host.complaints()).isEmpty();
  }

  /** A start without these words would take back what they said. */
  @Test
  void aStartIsAdvisedWithTheWordsOfTheLastOne() {
    Hosts host = new Hosts().natted("eth0");
    host.table.clear();
    host.services.put("network-nat eth0", "tcp:22 udp:53");
    host.services.put("network-route eth1", "none");
    host.hostGuards.add("network-nat eth0");
    host.dhcpUsers.add("network-nat eth0");
    host.dhcpRunning = Optional.of(true);
    assertThat(host.complaints())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.name()).isEqualTo("nat-lost");
              assertThat(finding.remedy()).contains("services=");
              assertThat(finding.commands())
                  .containsExactly(
                      "network-nat start netdev=eth0 'services=tcp:22 udp:53' antispoof=yes"
                          + " dhcp=yes");
            });
  }

  @Test
  void aTrunkProcessAndADhcpServerThatRunAreWell() {
    Hosts host = new Hosts().natted("eth0");
    host.taps.put("eth0", List.of("eth0.100"));
    host.trunks.add("eth0");
    host.dhcpUsers.add("network-nat eth0");
    host.dhcpRunning = Optional.of(true);
    assertThat(host.complaints()).isEmpty();
    assertThat(Checks.of(host.facts())).extracting(Finding::name).contains("trunk", "dhcp");
  }

  /** Names are stable for programs: no two findings of one host are told apart by texts. */
  @Test
  void namesAreWordsWithHyphens() {
    assertThat(Checks.of(new Hosts().facts()))
        .allMatch(finding -> finding.name().matches("[a-z0-9]+(-[a-z0-9]+)*"));
  }
}
