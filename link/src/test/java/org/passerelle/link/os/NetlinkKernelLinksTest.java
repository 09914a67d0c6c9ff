package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkFlags;
import org.passerelle.link.rtnl.LinkKind;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.RawAttribute;
import org.passerelle.link.rtnl.TapKind;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.testing.IpCommand;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.MacAddress;

/** Links of the real kernel, against what ip(8) says of them. */
@Needs({Capability.NET_ADMIN, Capability.VETH, Capability.BRIDGE, Capability.IPROUTE2})
class NetlinkKernelLinksTest {
  private static final int GROUP = 30583;
  private static final MacAddress MAC = MacAddress.parse("00:16:3e:01:02:03");

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();

  private Namespace namespace;
  private NetlinkKernel kernel;
  private IpCommand ip;

  @BeforeEach
  void open() {
    namespace = namespaces.create();
    kernel = namespace.kernel();
    ip = new IpCommand(namespace);
  }

  @AfterEach
  void close() {
    kernel.close();
  }

  @Test
  void pairIsBornMarkedAtBothEnds() {
    kernel.create(
        LinkSpec.of("veth0", new VethKind("vif0.0")).withMac(MAC).withMtu(1400).withGroup(GROUP));
    assertThat(ip.one("link show dev veth0"))
        .containsEntry("address", MAC.toString())
        .containsEntry("mtu", 1400L)
        .containsEntry("group", "30583");
    assertThat(ip.one("link show dev vif0.0")).containsEntry("group", "30583");
    Link near = kernel.link("veth0").orElseThrow();
    Link far = kernel.link("vif0.0").orElseThrow();
    assertThat(near.kind()).isEqualTo("veth");
    assertThat(near.lower()).isEqualTo(far.index());
    assertThat(far.group()).isEqualTo(GROUP);
  }

  /** It is not made by a message, and looks as if it were. */
  @Test
  @Needs(Capability.TAP)
  void aTapThatStaysIsBornMarked() {
    kernel.create(
        LinkSpec.of("eth0.100", new TapKind()).withMac(MAC).withMtu(1400).withGroup(GROUP));
    assertThat(ip.one("link show dev eth0.100"))
        .containsEntry("address", MAC.toString())
        .containsEntry("mtu", 1400L)
        .containsEntry("group", "30583");
    assertThat(kernel.link("eth0.100").orElseThrow().kind()).isEqualTo(TapKind.NAME);
    assertThatThrownBy(() -> kernel.create(LinkSpec.of("eth0.100", new TapKind())))
        .hasMessageContaining("EBUSY");
    kernel.delete("eth0.100");
    assertThat(kernel.link("eth0.100")).isEmpty();
    assertThatThrownBy(
            () -> kernel.create(LinkSpec.of("eth0.100", new TapKind()).withMtu(1_000_000)))
        .isInstanceOf(KernelException.class);
    assertThat(kernel.link("eth0.100")).isEmpty();
  }

  /** As is seen when one is made. */
  @Test
  void saysWhetherThereCanBeVlans() {
    assertThat(kernel.makesVlans()).isEqualTo(HostCapability.of(Capability.VLAN_8021Q).present());
    assertThat(kernel.links()).hasSize(1);
  }

  @Test
  void listIsWhatIpLists() throws InterruptedException {
    kernel.create(LinkSpec.of("xenbr0", new Bridge(List.of())));
    kernel.create(LinkSpec.of("veth0", new VethKind("vif0.0")));
    kernel.change("vif0.0", LinkChange.builder().master("xenbr0").build());
    ip.run("link set dev veth0 alias passerelle:test");
    ip.run("link property add dev veth0 altname a-name-longer-than-fifteen");
    ip.run("link set dev veth0 up");
    awaitWithoutCarrier("veth0");
    List<Map<String, Object>> expected = ip.list("link show");
    List<Link> links = kernel.links();
    assertThat(links).hasSameSizeAs(expected);
    for (int i = 0; i < links.size(); i++) {
      assertSame(links.get(i), expected.get(i), links);
    }
    assertThat(kernel.link("a-name-longer-than-fifteen")).contains(kernel.link("veth0").get());
    assertThat(kernel.link("xenbr0").orElseThrow().data()).isNotEmpty();
    assertThat(kernel.ports(kernel.link("xenbr0").orElseThrow().index()))
        .containsExactly(kernel.link("vif0.0").orElseThrow());
    assertThat(kernel.ports(kernel.link("vif0.0").orElseThrow().index())).isEmpty();
  }

  /** The state that a link shows follows what it is, a second later at most. */
  private void awaitWithoutCarrier(String device) throws InterruptedException {
    long end = System.nanoTime() + 5_000_000_000L;
    while (kernel.link(device).orElseThrow().operState() != Link.OperState.LOWER_LAYER_DOWN
        && System.nanoTime() < end) {
      Thread.sleep(20);
    }
  }

  private static void assertSame(Link link, Map<String, Object> ip, List<Link> all) {
    assertThat((long) link.index()).isEqualTo(ip.get("ifindex"));
    assertThat(link.name()).isEqualTo(ip.get("ifname"));
    assertThat(link.mac()).hasToString((String) ip.get("address"));
    assertThat((long) link.mtu()).isEqualTo(ip.get("mtu"));
    assertThat(link.operState().toString().replace("_", ""))
        .isEqualTo(((String) ip.get("operstate")).replace("_", ""));
    assertThat(link.alias()).isEqualTo(ip.getOrDefault("ifalias", ""));
    assertThat(link.alternativeNames()).isEqualTo(ip.getOrDefault("altnames", List.of()));
    assertThat(name(all, link.master())).isEqualTo(ip.getOrDefault("master", ""));
    assertThat(name(all, link.lower())).isEqualTo(ip.getOrDefault("link", ""));
    assertThat(link.isUp()).isEqualTo(((List<?>) ip.get("flags")).contains("UP"));
    assertThat((link.flags() & LinkFlags.LOWER_UP) != 0)
        .isEqualTo(((List<?>) ip.get("flags")).contains("LOWER_UP"));
    Map<String, Object> info = IpCommand.asMap(ip.getOrDefault("linkinfo", Map.of()));
    assertThat(link.kind()).isEqualTo(info.getOrDefault("info_kind", ""));
  }

  @Test
  @Needs(Capability.VLAN_8021Q)
  void vlanDeviceLiesOnItsLower() {
    kernel.create(LinkSpec.of("eth0", new VethKind("wire")));
    ip.run("link add link eth0 name eth0.100 type vlan id 100");
    Link vlan = kernel.link("eth0.100").orElseThrow();
    assertThat(vlan.kind()).isEqualTo("vlan");
    assertThat(vlan.lower()).isEqualTo(kernel.link("eth0").orElseThrow().index());
  }

  @Test
  @Needs(Capability.BONDING)
  void bondIsItsPortsMaster() {
    kernel.create(LinkSpec.of("eth0", new VethKind("wire")));
    ip.run("link add bond0 type bond");
    kernel.change("eth0", LinkChange.builder().master("bond0").build());
    Link bond = kernel.link("bond0").orElseThrow();
    assertThat(bond.kind()).isEqualTo("bond");
    assertThat(kernel.link("eth0").orElseThrow().master()).isEqualTo(bond.index());
  }

  @Test
  @Needs(Capability.BRIDGE_VLAN_FILTERING)
  void bridgeThatFiltersVlansSaysSo() {
    RawAttribute filtering = new RawAttribute(7, new byte[] {1}); // IFLA_BR_VLAN_FILTERING
    kernel.create(LinkSpec.of("xenbr0", new Bridge(List.of(filtering))));
    assertThat(kernel.link("xenbr0").orElseThrow().data()).contains(filtering);
    assertThat(IpCommand.asMap(ip.one("link show dev xenbr0").get("linkinfo")).toString())
        .contains("vlan_filtering=1");
  }

  private static String name(List<Link> links, int index) {
    return links.stream()
        .filter(link -> link.index() == index)
        .map(Link::name)
        .findFirst()
        .orElse("");
  }

  @Test
  void everyChangeArrives() {
    kernel.create(LinkSpec.of("xenbr0", new Bridge(List.of())));
    kernel.create(LinkSpec.of("vif1.0", new VethKind("veth0")));
    kernel.change(
        "vif1.0",
        LinkChange.builder()
            .name("web0")
            .mac(MacAddress.VIF)
            .mtu(1400)
            .master("xenbr0")
            .arp(false)
            .multicast(false)
            .alias("passerelle:test")
            .group(GROUP)
            .alternativeName("the-vif-of-the-web-server")
            .gsoMaxSize(32768)
            .ipv6AddressGeneration(false)
            .up(true)
            .build());
    Map<String, Object> web = ip.one("link show dev web0");
    assertThat(web)
        .containsEntry("address", "fe:ff:ff:ff:ff:ff")
        .containsEntry("mtu", 1400L)
        .containsEntry("master", "xenbr0")
        .containsEntry("ifalias", "passerelle:test")
        .containsEntry("group", "30583")
        .containsEntry("altnames", List.of("the-vif-of-the-web-server"))
        .containsEntry("gso_max_size", 32768L)
        .containsEntry("inet6_addr_gen_mode", "none");
    assertThat((List<?>) web.get("flags"))
        .map(Object::toString)
        .contains("UP", "NOARP")
        .doesNotContain("MULTICAST");
    kernel.change("web0", LinkChange.builder().master("").up(false).arp(true).alias("").build());
    Map<String, Object> released = ip.one("link show dev web0");
    assertThat(released).doesNotContainKeys("master", "ifalias");
    assertThat((List<?>) released.get("flags")).map(Object::toString).doesNotContain("UP", "NOARP");
  }

  @Test
  void noLinkLocalAddressWhenGenerationIsOffBeforeUp() throws InterruptedException {
    kernel.create(LinkSpec.of("vif1.0", new VethKind("veth0")));
    kernel.change("vif1.0", LinkChange.builder().ipv6AddressGeneration(false).up(true).build());
    kernel.change("veth0", LinkChange.builder().up(true).build());
    assertThat(eventuallyWithIpv6("veth0")).contains("veth0").doesNotContain("vif1.0");
  }

  /** The kernel makes link-local addresses when its link watch comes round, within a second. */
  private List<String> eventuallyWithIpv6(String awaited) throws InterruptedException {
    long end = System.nanoTime() + 5_000_000_000L;
    List<String> devices = withIpv6();
    while (!devices.contains(awaited) && System.nanoTime() < end) {
      Thread.sleep(20);
      devices = withIpv6();
    }
    return devices;
  }

  private List<String> withIpv6() {
    return kernel.addresses().stream()
        .filter(address -> address.local().isV6())
        .map(Address::device)
        .toList();
  }

  @Test
  void kindsOwnSettingsChange() {
    kernel.create(LinkSpec.of("xenbr0", new Bridge(List.of(forwardDelay(1500)))));
    kernel.change(
        "xenbr0", LinkChange.builder().kind(new Bridge(List.of(forwardDelay(0)))).build());
    Map<String, Object> info = IpCommand.asMap(ip.one("link show dev xenbr0").get("linkinfo"));
    assertThat(IpCommand.asMap(info.get("info_data"))).containsEntry("forward_delay", 0L);
  }

  @Test
  void linkOnTopOfAnother() {
    kernel.create(LinkSpec.of("eth0", new VethKind("far0")));
    kernel.create(LinkSpec.of("eth0.100", new OnTop("macvlan", Optional.of("eth0"))));
    assertThat(ip.one("link show dev eth0.100")).containsEntry("link", "eth0");
    assertThatThrownBy(
            () -> kernel.create(LinkSpec.of("eth1.1", new OnTop("macvlan", Optional.of("eth1")))))
        .hasMessage("create eth1.1 type macvlan: ENODEV (19, No such device)");
  }

  @Test
  void downComesBeforeTheNewName() {
    kernel.create(LinkSpec.of("vif1.0", new VethKind("veth0")));
    kernel.change("vif1.0", LinkChange.builder().up(true).build());
    kernel.change("vif1.0", LinkChange.builder().up(false).name("web0").build());
    assertThat(kernel.link("web0").orElseThrow().isUp()).isFalse();
    assertThat(kernel.link("vif1.0")).isEmpty();
  }

  @Test
  void refusedPartPutsTheOthersBack() throws InterruptedException {
    kernel.create(LinkSpec.of("xenbr0", new Bridge(List.of())));
    kernel.create(LinkSpec.of("vif1.0", new VethKind("veth0")));
    kernel.change("vif1.0", LinkChange.builder().master("xenbr0").up(true).mac(MAC).build());
    awaitWithoutCarrier("vif1.0");
    Link before = kernel.link("vif1.0").orElseThrow();
    LinkChange change =
        LinkChange.builder()
            .mac(MacAddress.VIF)
            .mtu(1400)
            .alias("new")
            .ipv6AddressGeneration(false)
            .master("vif1.0")
            .build();
    assertThatThrownBy(() -> kernel.change("vif1.0", change))
        .isInstanceOf(KernelException.class)
        .hasMessageStartingWith("set vif1.0 address fe:ff:ff:ff:ff:ff mtu 1400 master vif1.0")
        .hasMessageContaining("EOPNOTSUPP (95, Operation not supported)")
        .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
    assertThat(kernel.link("vif1.0").orElseThrow()).isEqualTo(before);
    assertThat(ip.one("link show dev vif1.0")).containsEntry("inet6_addr_gen_mode", "eui64");
  }

  @Test
  void refusedAlternativeNamePutsTheOthersBack() {
    kernel.create(LinkSpec.of("vif1.0", new VethKind("veth0")));
    Link before = kernel.link("vif1.0").orElseThrow();
    LinkChange change =
        LinkChange.builder().name("web0").mtu(1400).up(true).alternativeName("veth0").build();
    assertThatThrownBy(() -> kernel.change("vif1.0", change)).hasMessageContaining("EEXIST");
    assertThat(kernel.link("vif1.0").orElseThrow())
        .usingRecursiveComparison()
        .ignoringFields("operState")
        .isEqualTo(before);
  }

  @Test
  void refusalHasTheKernelsText() {
    kernel.create(LinkSpec.of("vif1.0", new VethKind("veth0")));
    assertThatThrownBy(() -> kernel.change("vif1.0", LinkChange.builder().mtu(10).build()))
        .isInstanceOfSatisfying(
            KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL))
        .hasMessage(
            "set vif1.0 mtu 10: EINVAL (22, Invalid argument): mtu less than device minimum");
  }

  @Test
  void missingDeviceIsNamed() {
    assertThat(kernel.link("nosuch0")).isEmpty();
    assertThatThrownBy(() -> kernel.delete("nosuch0"))
        .isInstanceOf(KernelException.class)
        .hasMessage("delete nosuch0: ENODEV (19, No such device)");
    kernel.create(LinkSpec.of("vif1.0", new VethKind("veth0")));
    assertThatThrownBy(
            () -> kernel.change("vif1.0", LinkChange.builder().master("nosuch0").build()))
        .hasMessage("set vif1.0 master nosuch0: ENODEV (19, No such device)");
  }

  @Test
  void secondLinkOfANameIsRefused() {
    kernel.create(LinkSpec.of("xenbr0", new Bridge(List.of())));
    assertThatThrownBy(() -> kernel.create(LinkSpec.of("xenbr0", new Bridge(List.of()))))
        .hasMessageStartingWith("create xenbr0 type bridge: EEXIST (17, File exists)");
  }

  @Test
  void deletedPairIsGoneAtBothEnds() {
    kernel.create(LinkSpec.of("vif1.0", new VethKind("veth0")));
    kernel.delete("veth0");
    assertThat(kernel.links()).extracting(Link::name).containsExactly("lo");
  }

  @Test
  void linkMovesToAnotherNamespace() {
    Namespace guest = namespaces.create();
    kernel.create(LinkSpec.of("eth0", new VethKind("vif1.0")));
    kernel.change(
        "vif1.0", LinkChange.builder().namespace(guest.descriptor()).name("eth0").up(true).build());
    assertThat(kernel.link("vif1.0")).isEmpty();
    assertThat(kernel.link("eth0").orElseThrow().lowerElsewhere()).isTrue();
    assertThat(new IpCommand(guest).one("link show dev eth0"))
        .containsEntry("link_index", (long) kernel.link("eth0").get().index());
  }

  @Test
  void moveToATakenNameChangesNothing() {
    Namespace guest = namespaces.create();
    namespaces.wire(guest, "eth0", guest, "eth1");
    kernel.create(LinkSpec.of("vif1.0", new VethKind("veth0")));
    Link before = kernel.link("vif1.0").orElseThrow();
    LinkChange change =
        LinkChange.builder().namespace(guest.descriptor()).name("eth0").mtu(1400).build();
    assertThatThrownBy(() -> kernel.change("vif1.0", change))
        .hasMessageContaining("EEXIST (17, File exists): that namespace has a eth0");
    assertThat(kernel.link("vif1.0")).contains(before);
  }

  @Test
  void socketStaysInItsNamespace() {
    Namespace other = namespaces.create();
    other.run(() -> kernel.create(LinkSpec.of("xenbr0", new Bridge(List.of()))));
    assertThat(new IpCommand(namespace).list("link show type bridge")).hasSize(1);
    assertThat(new IpCommand(other).list("link show type bridge")).isEmpty();
  }

  @Test
  @Tag("host")
  void manyLinksComeInManyDatagrams() {
    for (int i = 0; i < 100; i++) {
      kernel.create(LinkSpec.of("veth" + i, new VethKind("peer" + i)));
    }
    assertThat(kernel.links()).hasSize(201);
  }

  private static RawAttribute forwardDelay(int hundredths) {
    return new RawAttribute(1, Sockets.integer(hundredths));
  }

  private record OnTop(String name, Optional<String> lower) implements LinkKind {
    @Override
    public List<RawAttribute> data() {
      return List.of();
    }

    @Override
    public String ipArguments() {
      return "";
    }
  }

  private record Bridge(List<RawAttribute> data) implements LinkKind {
    @Override
    public String name() {
      return "bridge";
    }

    @Override
    public String ipArguments() {
      return "";
    }
  }
}
