package org.passerelle.vlan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.bridge.VifAttachment;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Ownership;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.TapKind;
import org.passerelle.link.rtnl.VlanFiltering;
import org.passerelle.link.testing.FaultAtEveryStep;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.link.wire.VlanId;

/** vif-bridge's plans for vifs with VLANs. */
class VifTrunkTest {
  private static final MacAddress MAC = MacAddress.parse("00:16:3e:00:00:07");

  /** xenbr0 looks at tags, and VLANs 100 and 200 of eth0 have bridges. */
  private static FakeKernel host() {
    FakeKernel kernel = new FakeKernel();
    kernel.plug("eth0", MAC);
    kernel.plug("vif7.0", MAC);
    kernel.create(LinkSpec.of("xenbr0", BridgeKind.XEN.withFiltering()));
    kernel.change("eth0", LinkChange.builder().master("xenbr0").up(true).build());
    List<VlanBridge> vlans =
        List.of(VlanBridge.of(new VlanId(100)), new VlanBridge(new VlanId(200), "shop"));
    Link nic = kernel.link("eth0").orElseThrow();
    FaultAtEveryStep.apply(new TaggedNic("eth0").start(new Host(kernel), vlans, nic, true), kernel);
    return kernel;
  }

  private static VifTrunk trunk(String vlan, String... bridge) {
    VifAttachment vif =
        new VifAttachment(
            "vif7.0", Optional.empty(), List.of(bridge).stream().findFirst(), OptionalInt.empty());
    return new VifTrunk(vif, VlanGrant.parse(vlan), Tagger.KERNEL);
  }

  /** On bridges that do not look at tags, which is no reason to refuse then. */
  private static FakeKernel plainHost() {
    FakeKernel kernel = host();
    for (String bridge : List.of("xenbr0", "vlanbr100", "shop")) {
      kernel.change(bridge, LinkChange.builder().kind(new VlanFiltering(false)).build());
    }
    return kernel;
  }

  private static VifTrunk served(String vlan) {
    return new VifTrunk(trunk(vlan, "xenbr0").vif(), VlanGrant.parse(vlan), Tagger.TRUNK);
  }

  @Test
  void inUserSpaceEachTagIsATapInItsVlansBridge() {
    FakeKernel kernel = plainHost();
    kernel.change("xenbr0", LinkChange.builder().mtu(1400).build());
    attached(kernel, served("1p/100/200"));
    assertPort(kernel, "vif7.0", "xenbr0");
    assertPort(kernel, "vif7.0.100", "vlanbr100");
    assertPort(kernel, "vif7.0.200", "shop");
    Link tap = kernel.link("vif7.0.100").orElseThrow();
    assertThat(tap.kind()).isEqualTo(TapKind.NAME);
    assertThat(tap.mtu()).isEqualTo(1400);
    assertThat(TaggedNic.isOfVif(tap)).isTrue();
    assertThat(TaggedNic.isOfVif(kernel.link("eth0.100").orElseThrow())).isFalse();
    assertThat(new TaggedNic("vif7.0").servedVlan(tap)).contains(new VlanId(100));
    assertThat(served("1p/100/200").attach(new Host(kernel), true).steps()).isEmpty();
    attached(kernel, served("1p/200"));
    assertThat(kernel.link("vif7.0.100")).isEmpty();
    FaultAtEveryStep.apply(detach(new Host(kernel)), kernel);
    assertThat(kernel.link("vif7.0.200")).isEmpty();
  }

  @Test
  void whoTagsIsNotChangedUnderway() {
    FakeKernel kernel = attached(plainHost(), served("1p/100"));
    kernel.change("xenbr0", LinkChange.builder().kind(new VlanFiltering(true)).build());
    kernel.change("vlanbr100", LinkChange.builder().kind(new VlanFiltering(true)).build());
    refused(kernel, trunk("1p/100", "xenbr0"))
        .isEqualTo("vif7.0.100 was made with another switching=; take vif7.0 offline first");
  }

  @Test
  void aVlanInUserSpaceHasItsBridgeToo() {
    FakeKernel kernel = host();
    kernel.create(LinkSpec.of("vlanbr300", BridgeKind.XEN.withFiltering()));
    kernel.create(LinkSpec.of("eth0.300", new TapKind()).withGroup(Ownership.GROUP));
    kernel.change(
        "eth0.300",
        LinkChange.builder().alias("passerelle:network-vlan:eth0.300").master("vlanbr300").build());
    assertThat(trunk("300").untagged(new Host(kernel)).bridge()).contains("vlanbr300");
  }

  private static FakeKernel attached(FakeKernel kernel, VifTrunk trunk) {
    FaultAtEveryStep.apply(trunk.attach(new Host(kernel), true), kernel);
    return kernel;
  }

  private static Plan detach(Host host) {
    return VifTrunk.detach(trunk("1").vif(), host);
  }

  private static void assertPort(FakeKernel kernel, String device, String bridge) {
    Link link = kernel.link(device).orElseThrow();
    assertThat(new Host(kernel).master(link)).isEqualTo(bridge);
    assertThat(link.isUp()).isTrue();
  }

  @Test
  void aLoneVlanIsThatVlansBridge() {
    assertPort(attached(host(), trunk("200", "xenbr0")), "vif7.0", "shop");
    assertPort(attached(host(), trunk("100")), "vif7.0", "vlanbr100");
    assertPort(attached(host(), trunk("1", "xenbr0")), "vif7.0", "xenbr0");
  }

  @Test
  void eachTagIsADeviceInItsVlansBridge() {
    FakeKernel kernel = attached(host(), trunk("100/200/1p", "xenbr0"));
    assertPort(kernel, "vif7.0", "xenbr0");
    assertPort(kernel, "vif7.0.100", "vlanbr100");
    assertPort(kernel, "vif7.0.200", "shop");
    assertThat(kernel.link("vif7.0.100").orElseThrow().lower())
        .isEqualTo(kernel.link("vif7.0").orElseThrow().index());
    assertThat(trunk("100/200/1p", "xenbr0").attach(new Host(kernel), true).steps()).isEmpty();
  }

  @Test
  void theUntaggedSideMayBeAVlanToo() {
    FakeKernel kernel = attached(host(), trunk("100p/200"));
    assertPort(kernel, "vif7.0", "vlanbr100");
    assertPort(kernel, "vif7.0.200", "shop");
    assertThat(kernel.link("vif7.0.100")).isEmpty();
  }

  @Test
  void detachTakesItsVlansAlong() {
    FakeKernel kernel = attached(host(), trunk("100/200/1p", "xenbr0"));
    FaultAtEveryStep.apply(detach(new Host(kernel)), kernel);
    assertThat(kernel.link("vif7.0.100")).isEmpty();
    assertThat(kernel.link("vif7.0").orElseThrow().master()).isZero();
    assertThat(kernel.link("eth0.100")).isPresent();
    assertThat(detach(new Host(kernel)).steps()).isEmpty();
  }

  @Test
  void whatIsGrantedNoMoreIsTakenBack() {
    FakeKernel kernel = attached(host(), trunk("100/200/1p", "xenbr0"));
    attached(kernel, trunk("200/1p", "xenbr0"));
    assertThat(kernel.link("vif7.0.100")).isEmpty();
    assertPort(kernel, "vif7.0.200", "shop");
    attached(kernel, trunk("1", "xenbr0"));
    assertThat(kernel.link("vif7.0.200")).isEmpty();
    assertPort(kernel, "vif7.0", "xenbr0");
  }

  @Test
  void aTaggedVlansBridgeMustLookAtTagsToo() {
    FakeKernel kernel = host();
    kernel.change("vlanbr100", LinkChange.builder().kind(new VlanFiltering(false)).build());
    refused(kernel, trunk("100/1p", "xenbr0")).startsWith("vlanbr100 lets tags pass");
  }

  @Test
  void aFaultAtAnyStepIsUndone() {
    VifTrunk trunk = trunk("100/200/1p", "xenbr0");
    assertThat(new FaultAtEveryStep(VifTrunkTest::host, host -> trunk.attach(host, true)).run())
        .isGreaterThan(12);
    Supplier<FakeKernel> hosts = () -> attached(host(), trunk);
    assertThat(new FaultAtEveryStep(hosts, VifTrunkTest::detach).run()).isEqualTo(4);
  }

  @Test
  void whatWouldLetTagsPassIsRefused() {
    FakeKernel kernel = host();
    kernel.create(LinkSpec.of("plain", BridgeKind.XEN));
    KernelState before = KernelState.of(kernel);
    refused(kernel, trunk("1p/100", "plain"))
        .startsWith("plain lets tags pass, and vif7.0 is to use");
    refused(kernel, trunk("1p/300", "xenbr0"))
        .isEqualTo("no bridge has VLAN 300; network-bridge-vlan start vlan=300 makes one");
    refused(kernel, trunk("300", "xenbr0")).startsWith("no bridge has VLAN 300");
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
    kernel.create(LinkSpec.of("vif7.0.100", new VlanKind("vif7.0", new VlanId(100))));
    refused(kernel, trunk("1p/100", "xenbr0"))
        .isEqualTo("vif7.0.100 is there, and is not vif7.0's VLAN");
  }

  @Test
  void ofTwoNicsTheBridgeThatIsAskedForIsMeant() {
    FakeKernel kernel = host();
    kernel.plug("eth1", MAC);
    Link nic = kernel.link("eth1").orElseThrow();
    List<VlanBridge> vlans = List.of(new VlanBridge(new VlanId(100), "second"));
    FaultAtEveryStep.apply(new TaggedNic("eth1").start(new Host(kernel), vlans, nic, true), kernel);
    refused(kernel, trunk("100", "xenbr0"))
        .isEqualTo("VLAN 100 has the bridges vlanbr100 second; say which by bridge=");
    assertPort(attached(kernel, trunk("100", "second")), "vif7.0", "second");
  }

  private static AbstractStringAssert<?> refused(FakeKernel kernel, VifTrunk trunk) {
    return assertThat(
        catchThrowableOfType(RefusedException.class, () -> trunk.attach(new Host(kernel), true))
            .getMessage());
  }
}
