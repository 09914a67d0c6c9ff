package org.passerelle.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.testing.FaultAtEveryStep;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** vif-bridge's plans. */
class VifAttachmentTest {
  private static final VifAttachment PLAIN = attachment(Optional.empty(), Optional.of("xenbr0"));

  private static VifAttachment attachment(Optional<String> name, Optional<String> bridge) {
    return new VifAttachment("vif7.0", name, bridge, OptionalInt.empty());
  }

  private static FakeKernel host() {
    FakeKernel kernel = new FakeKernel();
    kernel.create(LinkSpec.of("xenbr0", BridgeKind.XEN).withMtu(1400));
    kernel.plug("peth0", MacAddress.VIF);
    kernel.change("peth0", LinkChange.builder().master("xenbr0").up(true).build());
    kernel.plug("vif7.0", MacAddress.parse("00:16:3e:00:00:07"));
    return kernel;
  }

  /** As a reboot of the guest may find it: up, with addresses. */
  private static FakeKernel used() {
    FakeKernel kernel = host();
    kernel.change("vif7.0", LinkChange.builder().up(true).build());
    kernel.add(Address.of("vif7.0", IpPrefix.parse("10.0.0.1/24")));
    kernel.settle();
    return kernel;
  }

  private static void attach(VifAttachment attachment, FakeKernel kernel) {
    FaultAtEveryStep.apply(attachment.attach(new Host(kernel), true), kernel);
  }

  @Test
  void printsWhatItWillDo() {
    assertThat(PLAIN.attach(new Host(host()), true).lines())
        .containsExactly(
            "ip link set dev vif7.0 address fe:ff:ff:ff:ff:ff              "
                + "# the highest address, which no bridge takes for its own",
            "ip link set dev vif7.0 mtu 1400                               # as the bridge",
            "ip link set dev vif7.0 addrgenmode none                       "
                + "# no IPv6 link-local address of its own",
            "ip link set dev vif7.0 master xenbr0                          # a port of the bridge",
            "ip link set dev vif7.0 up                                     "
                + "# the guest is connected");
  }

  @Test
  void attaches() {
    FakeKernel kernel = used();
    attach(PLAIN, kernel);
    Link vif = kernel.link("vif7.0").orElseThrow();
    assertThat(vif.isUp()).isTrue();
    assertThat(vif.master()).isEqualTo(kernel.link("xenbr0").orElseThrow().index());
    assertThat(vif.mac()).isEqualTo(MacAddress.VIF);
    assertThat(vif.mtu()).isEqualTo(1400);
    assertThat(new Host(kernel).addresses("vif7.0")).isEmpty();
    assertThat(PLAIN.attach(new Host(kernel), true).steps()).isEmpty();
  }

  /** The original writes no such setting, and a host may have it as each device's beginning. */
  @Test
  void onlyWhereSomebodyWasRouterItAnswersNoMore() {
    String key = "net/ipv4/conf/vif7.0/proxy_arp";
    FakeKernel fresh = host();
    fresh.sysctl(key, "1");
    attach(PLAIN, fresh);
    assertThat(fresh.sysctl(key)).contains("1");
    FakeKernel routed = used();
    routed.sysctl(key, "1");
    attach(PLAIN, routed);
    assertThat(routed.sysctl(key)).contains("0");
  }

  @Test
  void takesTheToolstacksMtu() {
    FakeKernel kernel = host();
    attach(
        new VifAttachment("vif7.0", Optional.empty(), Optional.of("xenbr0"), OptionalInt.of(9000)),
        kernel);
    assertThat(kernel.link("vif7.0").orElseThrow().mtu()).isEqualTo(9000);
  }

  @Test
  void renames() {
    FakeKernel kernel = host();
    VifAttachment named = attachment(Optional.of("web0"), Optional.of("xenbr0"));
    attach(named, kernel);
    assertThat(kernel.link("vif7.0")).isEmpty();
    assertThat(kernel.link("web0").orElseThrow().isUp()).isTrue();
    assertThat(named.attach(new Host(kernel), true).steps()).isEmpty();
    FaultAtEveryStep.apply(named.detach(new Host(kernel)), kernel);
    assertThat(kernel.link("web0").orElseThrow().master()).isZero();
  }

  @Test
  void refusesANameThatIsTaken() {
    FakeKernel kernel = host();
    kernel.plug("web0", MacAddress.VIF);
    refused(
        attachment(Optional.of("web0"), Optional.of("xenbr0")),
        kernel,
        "Cannot rename interface vif7.0. An interface with name web0 already exists.");
  }

  @Test
  void leavesAloneWhoHasTheNameByChance() {
    FakeKernel kernel = new FakeKernel();
    kernel.create(LinkSpec.of("xenbr0", BridgeKind.XEN));
    kernel.plug("web0", MacAddress.parse("00:16:3e:00:00:08"));
    kernel.change("web0", LinkChange.builder().up(true).build());
    VifAttachment named = attachment(Optional.of("web0"), Optional.of("xenbr0"));
    refused(named, kernel, "Could not find device vif7.0; has the backend made it?");
    assertThat(named.detach(new Host(kernel)).steps()).isEmpty();
    kernel.plug("vif7.0", MacAddress.VIF);
    kernel.change("vif7.0", LinkChange.builder().up(true).build());
    FaultAtEveryStep.apply(named.detach(new Host(kernel)), kernel);
    assertThat(kernel.link("vif7.0").orElseThrow().isUp()).isFalse();
    assertThat(kernel.link("web0").orElseThrow().isUp()).isTrue();
  }

  @Test
  void findsTheBridgeAsTheOriginalsDo() {
    FakeKernel kernel = host();
    kernel.create(LinkSpec.of("abr", BridgeKind.XEN));
    kernel.create(LinkSpec.of("eth1", BridgeKind.XEN));
    kernel.plug("eth2", MacAddress.VIF);
    Host host = new Host(kernel);
    VifAttachment anyBridge = attachment(Optional.empty(), Optional.empty());
    assertThat(anyBridge.findBridge(host).name()).as("has a port").isEqualTo("xenbr0");
    assertThat(attachment(Optional.empty(), Optional.of("xenbr1")).findBridge(host).name())
        .isEqualTo("eth1");
    refused(
        attachment(Optional.empty(), Optional.of("xenbr2")),
        kernel,
        "Could not find bridge device xenbr2");
    refused(
        attachment(Optional.empty(), Optional.of("eth2")),
        kernel,
        "eth2 is there, and is not a bridge");
    kernel.change("eth2", LinkChange.builder().master("abr").build());
    assertThat(anyBridge.findBridge(new Host(kernel)).name()).isEqualTo("abr");
  }

  @Test
  void saysWhenThereIsNoBridgeAtAll() {
    FakeKernel kernel = new FakeKernel();
    kernel.plug("vif7.0", MacAddress.VIF);
    refused(
        attachment(Optional.empty(), Optional.empty()),
        kernel,
        "Could not find bridge, and none was specified");
  }

  @Test
  void takesNoBeginningForTheName() {
    FakeKernel kernel = host();
    refused(
        attachment(Optional.empty(), Optional.of("xenbr")),
        kernel,
        "Could not find bridge device xenbr");
  }

  @Test
  void saysWhenTheVifIsNotThere() {
    FakeKernel kernel = new FakeKernel();
    kernel.create(LinkSpec.of("xenbr0", BridgeKind.XEN));
    refused(PLAIN, kernel, "Could not find device vif7.0; has the backend made it?");
  }

  private static void refused(VifAttachment attachment, FakeKernel kernel, String message) {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> attachment.attach(new Host(kernel), true))
        .withMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "web0"})
  void aFaultAtAnyStepIsUndone(String name) {
    Optional<String> named = name.isEmpty() ? Optional.empty() : Optional.of(name);
    VifAttachment attachment = attachment(named, Optional.of("xenbr0"));
    List<Supplier<FakeKernel>> all = List.of(VifAttachmentTest::host, VifAttachmentTest::used);
    for (Supplier<FakeKernel> hosts : all) {
      FaultAtEveryStep faults = new FaultAtEveryStep(hosts, host -> attachment.attach(host, true));
      assertThat(faults.run()).isGreaterThan(4);
    }
  }

  @Test
  void aFaultAtAnyStepOfTheReleaseIsUndone() {
    Supplier<FakeKernel> hosts =
        () -> {
          FakeKernel kernel = host();
          attach(PLAIN, kernel);
          return kernel;
        };
    assertThat(new FaultAtEveryStep(hosts, PLAIN::detach).run()).isEqualTo(2);
  }

  @Test
  void releasesAndIsContentWhenAllIsGone() {
    FakeKernel kernel = host();
    KernelState before = KernelState.of(kernel);
    attach(PLAIN, kernel);
    kernel.delete("xenbr0");
    Plan plan = PLAIN.detach(new Host(kernel));
    FaultAtEveryStep.apply(plan, kernel);
    assertThat(kernel.link("vif7.0").orElseThrow().isUp()).isFalse();
    assertThat(PLAIN.detach(new Host(new FakeKernel())).steps()).isEmpty();
    assertThat(before.routes()).isEqualTo(KernelState.of(kernel).routes());
  }
}
