package org.passerelle.vlan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.LongRange;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.TapKind;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.rtnl.VlanFiltering;
import org.passerelle.link.testing.FaultAtEveryStep;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.testing.RandomHost;
import org.passerelle.link.wire.EtherType;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.link.wire.VlanId;

/** The plans of network-bridge-vlan and network-multi-vlan. */
class TaggedNicTest {
  private static final TaggedNic ETH0 = new TaggedNic("eth0");
  private static final MacAddress NIC = MacAddress.parse("52:54:00:00:00:01");
  private static final VlanBridge V100 = VlanBridge.of(new VlanId(100));

  private static FakeKernel host() {
    FakeKernel kernel = new FakeKernel();
    kernel.plug("eth0", NIC);
    kernel.change("eth0", LinkChange.builder().up(true).build());
    kernel.settle();
    return kernel;
  }

  private static Plan start(Host host, List<VlanBridge> wanted) {
    return ETH0.start(host, wanted, host.link("eth0").orElseThrow(), true);
  }

  private static Plan start(FakeKernel kernel, VlanBridge... wanted) {
    return start(new Host(kernel), List.of(wanted));
  }

  private static Plan stop(Host host) {
    return ETH0.stop(host, ETH0.made(host), "eth0");
  }

  private static FakeKernel started(FakeKernel kernel, List<VlanBridge> wanted) {
    FaultAtEveryStep.apply(start(new Host(kernel), wanted), kernel);
    return kernel;
  }

  private static Link link(FakeKernel kernel, String name) {
    return kernel.link(name).orElseThrow();
  }

  /** Some VLANs, one of them with a bridge of another name. */
  private static List<VlanBridge> some(long seed) {
    Random random = new Random(seed);
    List<VlanBridge> some = new ArrayList<>();
    random.ints(1, 4094).distinct().limit(1 + random.nextInt(3)).forEach(id -> some.add(vlan(id)));
    some.add(new VlanBridge(new VlanId(4094), "dmz"));
    return some;
  }

  private static VlanBridge vlan(int id) {
    return VlanBridge.of(new VlanId(id));
  }

  @Test
  void printsWhatItWillDo() {
    assertThat(start(host(), V100).lines())
        .extracting(line -> line.replaceAll(" +# ", " # "))
        .containsExactly(
            "ip link add link eth0 name eth0.100 address fe:ff:ff:ff:ff:ff group 20567"
                + " type vlan id 100 protocol 802.1Q # what eth0 carries with the tag 100",
            "ip link set dev eth0.100 alias passerelle:network-vlan:eth0.100 # mark it as ours",
            "ip link set dev eth0.100 addrgenmode none # no IPv6 link-local address of its own",
            "ip link add name vlanbr100 address 52:54:00:00:00:01 group 20567 type bridge"
                + " stp_state 0 forward_delay 0 vlan_filtering 1"
                + " # the bridge of VLAN 100",
            "ip link set dev vlanbr100 alias passerelle:network-vlan:eth0.100 # mark it as ours",
            "ip link set dev vlanbr100 addrgenmode none # no IPv6 link-local address of its own",
            "ip link set dev eth0.100 master vlanbr100 # a port of the bridge",
            "ip link set dev eth0.100 up # ports carry frames when they are up",
            "ip link set dev vlanbr100 up # the bridge forwards when it is up");
  }

  private static Plan startServed(Host host, VlanBridge... wanted) {
    Link nic = host.link("eth0").orElseThrow();
    return ETH0.start(host, List.of(wanted), nic, Tagger.TRUNK, true);
  }

  @Test
  void inUserSpaceADeviceIsATap() {
    FakeKernel kernel = host();
    kernel.change("eth0", LinkChange.builder().mtu(9000).build());
    assertThat(startServed(new Host(kernel), V100).lines())
        .extracting(line -> line.replaceAll(" +# ", " # "))
        .startsWith(
            "ip tuntap add dev eth0.100 mode tap vnet_hdr; ip link set dev eth0.100"
                + " address fe:ff:ff:ff:ff:ff mtu 9000 group 20567"
                + " # what eth0 carries with the tag 100",
            "ip link set dev eth0.100 alias passerelle:network-vlan:eth0.100 # mark it as ours");
  }

  @Test
  void inUserSpaceStartAndStopAreTheSame() {
    FakeKernel kernel = host();
    KernelState before = KernelState.of(kernel);
    FaultAtEveryStep.apply(startServed(new Host(kernel), V100, vlan(7)), kernel);
    assertThat(link(kernel, "eth0.7").master()).isEqualTo(link(kernel, "vlanbr7").index());
    Host started = new Host(kernel);
    assertThat(startServed(started, V100, vlan(7)).steps()).isEmpty();
    assertThat(start(started, List.of(V100, vlan(7))).steps()).isEmpty();
    assertThat(ETH0.served(started)).extracting(Link::name).containsExactly("eth0.100", "eth0.7");
    assertThat(ETH0.bridge(started, new VlanId(7))).contains(link(kernel, "vlanbr7"));
    FaultAtEveryStep.apply(stop(started), kernel);
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
  }

  /** A bridge has one VLAN, whoever tags it; a tap without our mark is nobody's VLAN. */
  @Test
  void inUserSpaceWhatIsInTheWayIsRefused() {
    FakeKernel kernel = host();
    FaultAtEveryStep.apply(startServed(new Host(kernel), V100), kernel);
    kernel.change("vlanbr100", LinkChange.builder().group(0).build());
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> start(kernel, new VlanBridge(new VlanId(7), "vlanbr100")))
        .withMessageStartingWith("vlanbr100 has the port eth0.100");
    kernel.create(LinkSpec.of("eth0.7", new TapKind()));
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> startServed(new Host(kernel), vlan(7)))
        .withMessage("eth0.7 is there, and is not VLAN 7 of eth0");
    assertThat(VlanDevice.of(new Host(kernel), link(kernel, "eth0.7"))).isEmpty();
  }

  /** eth0.100 may have VLANs itself; they are not eth0's. */
  @Test
  void marksOfNicsWithDotsAreToldApart() {
    FakeKernel kernel = started(host(), List.of(V100));
    TaggedNic inner = new TaggedNic("eth0.100");
    Host host = new Host(kernel);
    FaultAtEveryStep.apply(
        inner.start(
            host, List.of(new VlanBridge(new VlanId(7), "in")), link(kernel, "eth0.100"), true),
        kernel);
    Host now = new Host(kernel);
    assertThat(ETH0.made(now)).containsExactly(new VlanId(100));
    assertThat(inner.made(now)).containsExactly(new VlanId(7));
  }

  @Test
  void aVlanIsADeviceInABridgeOfItsOwn() {
    FakeKernel kernel = started(host(), List.of(V100, vlan(7)));
    Link device = link(kernel, "eth0.100");
    assertThat(VlanKind.of("eth0", device).orElseThrow().id()).isEqualTo(new VlanId(100));
    assertThat(device.lower()).isEqualTo(link(kernel, "eth0").index());
    assertThat(device.master()).isEqualTo(link(kernel, "vlanbr100").index());
    assertThat(link(kernel, "eth0.7").master()).isEqualTo(link(kernel, "vlanbr7").index());
    assertThat(device.mac()).isEqualTo(MacAddress.VIF);
    assertThat(link(kernel, "vlanbr100").mac()).isEqualTo(NIC);
    assertThat(VlanFiltering.of(link(kernel, "vlanbr100"))).contains(new VlanFiltering(true));
    assertThat(new Host(kernel).addresses("vlanbr100")).isEmpty();
    assertThat(ETH0.made(new Host(kernel))).containsExactly(new VlanId(7), new VlanId(100));
  }

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void stopLeavesTheStateBeforeStart(
      @ForAll @LongRange(min = 0, max = 1 << 20) long seed, @ForAll boolean live) {
    FakeKernel kernel = RandomHost.of(seed, live);
    KernelState before = KernelState.of(kernel);
    List<VlanBridge> wanted = some(seed);
    started(kernel, wanted);
    assertThat(start(new Host(kernel), wanted).steps()).isEmpty();
    assertThat(ETH0.made(new Host(kernel)))
        .containsExactlyElementsOf(wanted.stream().map(VlanBridge::vlan).sorted().toList());
    FaultAtEveryStep.apply(stop(new Host(kernel)), kernel);
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
    assertThat(stop(new Host(kernel)).steps()).isEmpty();
  }

  @Property(tries = 8, shrinking = ShrinkingMode.OFF)
  void aFaultAtAnyStepIsUndone(@ForAll @LongRange(min = 0, max = 1 << 20) long seed) {
    List<VlanBridge> wanted = some(seed);
    Supplier<FakeKernel> hosts = () -> RandomHost.of(seed, true);
    assertThat(new FaultAtEveryStep(hosts, host -> start(host, wanted)).run()).isGreaterThan(8);
    Supplier<FakeKernel> startedHosts = () -> started(RandomHost.of(seed, true), wanted);
    assertThat(new FaultAtEveryStep(startedHosts, TaggedNicTest::stop).run()).isGreaterThan(1);
  }

  /** What is missing is put right, whoever took it away. */
  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void aSecondStartCompletesTheFirst(@ForAll @LongRange(min = 0, max = 1 << 20) long seed) {
    FakeKernel kernel = started(host(), some(seed));
    KernelState all = KernelState.of(kernel);
    Random random = new Random(seed);
    for (VlanBridge one : some(seed)) {
      switch (random.nextInt(4)) {
        case 0 -> kernel.delete(one.bridge());
        case 1 -> kernel.delete(ETH0.device(one.vlan()));
        case 2 -> kernel.change(one.bridge(), LinkChange.builder().up(false).build());
        default -> kernel.change(ETH0.device(one.vlan()), LinkChange.builder().master("").build());
      }
    }
    started(kernel, some(seed));
    assertThat(all.differencesFrom(KernelState.of(kernel))).isEmpty();
  }

  @Test
  void whereBridgesCannotLookAtTagsTheyArePlain() {
    FakeKernel kernel = host();
    Host host = new Host(kernel);
    FaultAtEveryStep.apply(ETH0.start(host, List.of(V100), link(kernel, "eth0"), false), kernel);
    assertThat(TagFilter.isOpen(link(kernel, "vlanbr100"))).isTrue();
  }

  @Test
  void aNicThatIsDownComesUp() {
    FakeKernel kernel = new FakeKernel();
    kernel.plug("eth0", NIC);
    started(kernel, List.of(V100));
    assertThat(link(kernel, "eth0").isUp()).isTrue();
    assertThat(link(kernel, "eth0.100").isRunning()).isTrue();
  }

  @Test
  void oneVlanIsStoppedAndTheOthersStay() {
    FakeKernel kernel = started(host(), List.of(V100, vlan(10), vlan(1)));
    Host before = new Host(kernel);
    FaultAtEveryStep.apply(ETH0.stop(before, List.of(new VlanId(10)), "eth0"), kernel);
    assertThat(kernel.links())
        .extracting(Link::name)
        .containsExactlyInAnyOrder("lo", "eth0", "eth0.100", "vlanbr100", "eth0.1", "vlanbr1");
  }

  @Test
  void domainsThatAreAttachedAreReleasedByStop() {
    FakeKernel kernel = started(host(), List.of(V100));
    kernel.create(LinkSpec.of("vif7.0", new VethKind("guest")));
    kernel.change("vif7.0", LinkChange.builder().master("vlanbr100").build());
    FaultAtEveryStep.apply(stop(new Host(kernel)), kernel);
    assertThat(link(kernel, "vif7.0").master()).isZero();
  }

  @Test
  void whatSomebodyElseMadeIsUsedAndStays() {
    FakeKernel kernel = host();
    kernel.create(LinkSpec.of("eth0.100", new VlanKind("eth0", new VlanId(100))));
    kernel.create(LinkSpec.of("vlanbr100", BridgeKind.XEN));
    started(kernel, List.of(V100));
    assertThat(link(kernel, "eth0.100").master()).isEqualTo(link(kernel, "vlanbr100").index());
    assertThat(stop(new Host(kernel)).steps()).isEmpty();
  }

  @Test
  void twoNetworksAreNotJoined() {
    FakeKernel kernel = started(host(), List.of(V100));
    refused(kernel, new VlanBridge(new VlanId(7), "vlanbr100"))
        .isEqualTo(
            "vlanbr100 was made for another VLAN: with VLAN 7 of eth0 on it two networks would be"
                + " one");
    kernel.create(LinkSpec.of("xenbr0", BridgeKind.XEN));
    kernel.change("eth0", LinkChange.builder().master("xenbr0").build());
    refused(kernel, new VlanBridge(new VlanId(7), "xenbr0"))
        .startsWith("xenbr0 has the port eth0: with VLAN 7");
    kernel.create(LinkSpec.of("eth0.8", new VlanKind("eth0", new VlanId(8))));
    kernel.create(LinkSpec.of("other", BridgeKind.XEN));
    kernel.change("eth0.8", LinkChange.builder().master("other").build());
    refused(kernel, new VlanBridge(new VlanId(7), "other"))
        .startsWith("other has the port eth0.8: with VLAN 7");
    refused(kernel, vlan(8))
        .isEqualTo("eth0.8 is a port of other already, not of vlanbr8; use bridge=other");
  }

  @Test
  void theSameVlanOfAnotherNicIsAnotherNetwork() {
    FakeKernel kernel = started(host(), List.of(V100));
    kernel.plug("eth1", MacAddress.parse("52:54:00:00:00:02"));
    Link eth1 = link(kernel, "eth1");
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> new TaggedNic("eth1").start(new Host(kernel), List.of(V100), eth1, true))
        .withMessageStartingWith("vlanbr100 was made for another VLAN");
    assertThat(new TaggedNic("eth1").made(new Host(kernel))).isEmpty();
  }

  @Test
  void whatIsInTheWayIsSaid() {
    FakeKernel kernel = host();
    KernelState before = KernelState.of(kernel);
    refused(kernel, new VlanBridge(new VlanId(7), "a-name-that-is-too-long"))
        .startsWith("bridge=a-name-that-is-too-long cannot be a device's name");
    refused(kernel, V100, new VlanBridge(new VlanId(7), "eth0"))
        .isEqualTo("eth0 is there, and is not a bridge");
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
    kernel.create(LinkSpec.of("eth0.7", new VlanKind("eth0", new VlanId(8))));
    refused(kernel, vlan(7)).isEqualTo("eth0.7 is there, and is not VLAN 7 of eth0");
    refused(kernel, vlan(8))
        .isEqualTo("VLAN 8 of eth0 has a device already, eth0.7; rename it to eth0.8 or remove it");
    kernel.create(LinkSpec.of("eth0.9", new VlanKind("eth0", new VlanId(9))));
    kernel.add(Address.of("eth0.9", IpPrefix.parse("192.0.2.1/24")));
    refused(kernel, vlan(9))
        .isEqualTo(
            "dom0 has addresses on eth0.9; to bridge it and keep them: network-bridge start"
                + " netdev=eth0.9 bridge=vlanbr9");
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(
            () ->
                new TaggedNic("lo")
                    .start(new Host(kernel), List.of(V100), link(kernel, "lo"), true))
        .withMessage(
            "lo leads to dom0 itself, not outside; name a NIC with netdev=, or a bond, bridge or"
                + " VLAN of NICs");
  }

  private static AbstractStringAssert<?> refused(FakeKernel kernel, VlanBridge... wanted) {
    return assertThat(
        catchThrowableOfType(RefusedException.class, () -> start(kernel, wanted)).getMessage());
  }

  /** A service provider's tag of that number is another VLAN. */
  @Test
  void tagsOfAnotherKindAreOtherVlans() {
    FakeKernel kernel = host();
    VlanKind kind = new VlanKind("eth0", new VlanId(100));
    kernel.create(
        LinkSpec.of("s100", new VlanKind("eth0", kind.id(), EtherType.SERVICE_VLAN, kind.flags())));
    started(kernel, List.of(V100));
    assertThat(link(kernel, "vlanbr100").isUp()).isTrue();
  }

  @Test
  void longNamesLoseTheirFront() {
    TaggedNic nic = new TaggedNic("enp130s0f0np0");
    assertThat(nic.device(new VlanId(7))).isEqualTo("enp130s0f0np0.7");
    assertThat(nic.device(new VlanId(100))).isEqualTo("p130s0f0np0.100");
    assertThat(nic.remark(List.of(vlan(7)))).isEmpty();
    assertThat(nic.remark(List.of(vlan(7), V100)))
        .contains("VLAN 100 of enp130s0f0np0 is called p130s0f0np0.100: 15 letters is all");
  }

  @Test
  void framesThatAreTooLongForTheNicAreWarnedOf() {
    FakeKernel kernel = started(host(), List.of(V100, vlan(7)));
    kernel.create(LinkSpec.of("vif7.0", new VethKind("guest")));
    kernel.change("vif7.0", LinkChange.builder().mtu(9000).master("vlanbr100").build());
    assertThat(ETH0.warnings(new Host(kernel), List.of(V100, vlan(7)), link(kernel, "eth0")))
        .containsExactly(
            "vif7.0 has mtu 9000, and eth0.100 carries 1500: what is longer is lost; lower the one"
                + " (ip link set dev vif7.0 mtu 1500) or raise eth0's");
    kernel.change("eth0.100", LinkChange.builder().mtu(9000).build());
    assertThat(ETH0.warnings(new Host(kernel), List.of(V100, vlan(7)), link(kernel, "eth0")))
        .isEmpty();
    kernel.create(LinkSpec.of("vlanbr9", BridgeKind.XEN).withMtu(1501));
    assertThat(ETH0.warnings(new Host(kernel), List.of(vlan(9)), link(kernel, "eth0")))
        .singleElement()
        .asString()
        .startsWith("vlanbr9 has mtu 1501, and eth0.9 carries 1500");
  }

  @Test
  void onlyBridgesOfOursAreMadeToLookAtTags() {
    FakeKernel kernel = host();
    assertThat(TagFilter.plan(new Host(kernel), "xenbr0").lines())
        .singleElement()
        .asString()
        .startsWith("ip link set dev xenbr0 type bridge vlan_filtering 1");
    kernel.create(LinkSpec.of("theirs", BridgeKind.XEN));
    kernel.change("theirs", LinkChange.builder().kind(new VlanFiltering(false)).build());
    kernel.create(LinkSpec.of("ours", BridgeKind.XEN).withGroup(0x5057));
    assertThat(TagFilter.plan(new Host(kernel), "theirs").steps()).isEmpty();
    assertThat(TagFilter.plan(new Host(kernel), "ours").steps()).isEmpty();
    kernel.change("ours", LinkChange.builder().kind(new VlanFiltering(false)).build());
    assertThat(TagFilter.isOpen(link(kernel, "ours"))).isTrue();
    FaultAtEveryStep.apply(TagFilter.plan(new Host(kernel), "ours"), kernel);
    assertThat(TagFilter.isOpen(link(kernel, "ours"))).isFalse();
    assertThat(TagFilter.plan(new Host(kernel), "ours").steps()).isEmpty();
  }
}
