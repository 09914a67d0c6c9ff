package org.passerelle.lab.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkNews;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VlanFlags;
import org.passerelle.link.testing.FaultAtEveryStep;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.wire.EtherType;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.link.wire.VlanId;
import org.passerelle.vlan.TaggedNic;
import org.passerelle.vlan.VlanBridge;
import org.passerelle.vlan.VlanKind;

/** What a VLAN in user space looks like through the kernel that tells of it. */
class SwitchedVlansTest {
  private static final MacAddress NIC = MacAddress.parse("00:16:3e:00:00:01");
  private static final VlanId HUNDRED = new VlanId(100);
  private static final LinkSpec VLAN = LinkSpec.of("eth0.100", new VlanKind("eth0", HUNDRED));

  private final FakeKernel inner = new FakeKernel();
  private final FakeDoors doors = new FakeDoors(inner);
  private final SwitchThread thread = new SwitchThread();
  private final Switchboard board = new Switchboard(thread, doors, this::survey);
  private final Kernel kernel = new SwitchedKernel(inner, board);

  @BeforeEach
  void nic() {
    inner.plug("eth0", NIC);
    inner.change("eth0", LinkChange.builder().mtu(9000).up(true).build());
  }

  @AfterEach
  void stop() {
    board.endAll();
    thread.close();
  }

  private List<LinkNews> survey() {
    return inner.links().stream().map(link -> new LinkNews(link, false, 0)).toList();
  }

  private Link link(String device) {
    Link told = kernel.link(device).orElseThrow();
    assertThat(kernel.links()).contains(told);
    return told;
  }

  @Test
  void isToldOfAsOne() {
    kernel.create(VLAN.withGroup(7));
    Link vlan = link("eth0.100");
    assertThat(VlanKind.of("eth0", vlan)).contains(new VlanKind("eth0", HUNDRED));
    assertThat(vlan.lower()).isEqualTo(link("eth0").index());
    assertThat(vlan.mac()).isEqualTo(NIC);
    assertThat(vlan.mtu()).isEqualTo(9000);
    assertThat(vlan.group()).isEqualTo(7);
    assertThat(inner.log()).doesNotContain("create eth0.100 vlan");
    kernel.create(
        LinkSpec.of("own", new VlanKind("eth0", new VlanId(7)))
            .withMac(MacAddress.VIF)
            .withMtu(1400));
    assertThat(link("own").mac()).isEqualTo(MacAddress.VIF);
    assertThat(link("own").mtu()).isEqualTo(1400);
  }

  @Test
  void isGoneWhenItIsDeletedAndTheNicIsGivenBackWithTheLast() {
    kernel.create(VLAN);
    kernel.create(LinkSpec.of("eth0.7", new VlanKind("eth0", new VlanId(7))));
    kernel.delete("eth0.100");
    assertThat(kernel.link("eth0.100")).isEmpty();
    assertThat(doors.log).containsExactly("share eth0", "give back eth0.100");
    kernel.delete("eth0.7");
    assertThat(doors.log).endsWith("give back eth0.7", "give back eth0");
    kernel.create(VLAN);
    assertThat(link("eth0.100").lower()).isEqualTo(link("eth0").index());
  }

  @Test
  void staysAVlanWhenItIsAPortNoMore() {
    kernel.create(VLAN);
    kernel.create(LinkSpec.of("br0", BridgeKind.XEN));
    kernel.change("eth0.100", LinkChange.builder().master("br0").build());
    assertThat(link("eth0.100").kind()).isEqualTo(VlanKind.NAME);
    assertThat(new Host(kernel).master(link("eth0.100"))).isEqualTo("br0");
    kernel.change("eth0.100", LinkChange.builder().master("").build());
    assertThat(link("eth0.100").kind()).isEqualTo(VlanKind.NAME);
    assertThat(link("eth0.100").master()).isZero();
  }

  @Test
  void goesWithItsNic() {
    kernel.create(VLAN);
    Link nic = link("eth0");
    int vlan = link("eth0.100").index();
    thread.run(() -> board.heard(new LinkNews(nic, true, 0)));
    thread.awaitClosed();
    assertThat(doors.log).contains("give back eth0.100", "give back eth0");
    assertThat(board.roster().isVlan(vlan)).isFalse();
  }

  @Test
  void whatVanishedUnheardIsFoundMissing() {
    kernel.create(VLAN);
    int vlan = link("eth0.100").index();
    inner.delete("eth0.100");
    thread.run(board::missedSome);
    assertThat(board.roster().isVlan(vlan)).isFalse();
  }

  @Test
  void refusesAsTheKernelDoes() {
    kernel.create(VLAN);
    refused(() -> kernel.create(LinkSpec.of("other", new VlanKind("eth0", HUNDRED))))
        .isEqualTo("create other: EEXIST (17, File exists): VLAN device already exists");
    refused(() -> kernel.create(LinkSpec.of("eth9.1", new VlanKind("eth9", HUNDRED))))
        .startsWith("create eth9.1: ENODEV");
    VlanKind service = new VlanKind("eth0", HUNDRED, EtherType.SERVICE_VLAN, VlanFlags.DEFAULT);
    refused(() -> kernel.create(LinkSpec.of("s100", service)))
        .startsWith("create s100: EOPNOTSUPP (95, Operation not supported): user space has VLANs");
    assertThat(kernel.links().stream().filter(one -> one.kind().equals(VlanKind.NAME))).hasSize(1);
  }

  @Test
  void aNicThatCannotBeReachedCarriesNone() {
    doors.refusal = new IllegalStateException("no more descriptors");
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> kernel.create(VLAN));
    assertThat(doors.log).containsExactly("give back eth0.100");
    assertThat(board.roster().vlans()).isEmpty();
    doors.refusal = null;
    doors.descriptor = Integer.MAX_VALUE; // beyond what a process may have
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> kernel.create(LinkSpec.of("eth0.7", new VlanKind("eth0", HUNDRED))));
    assertThat(doors.log).endsWith("share eth0", "give back eth0", "give back eth0.7");
    doors.descriptor = -1;
    kernel.create(LinkSpec.of("eth0.8", new VlanKind("eth0", HUNDRED)));
    assertThat(board.roster().vlans()).hasSize(1);
  }

  private static AbstractStringAssert<?> refused(ThrowingCallable asked) {
    return assertThat(catchThrowableOfType(KernelException.class, asked).getMessage());
  }

  /** It is never down with its device: so it need not be told to stay. */
  @Test
  void itsFlagsChangeNothing() {
    kernel.create(VLAN);
    VlanFlags loose = VlanFlags.DEFAULT.with(VlanFlags.Flag.LOOSE_BINDING, true);
    kernel.change("eth0.100", LinkChange.builder().kind(loose).up(true).build());
    assertThat(link("eth0.100").isUp()).isTrue();
    assertThat(VlanFlags.of(link("eth0.100").data())).isEqualTo(VlanFlags.DEFAULT);
  }

  @Test
  void theScriptsPlansStartAndStop() {
    TaggedNic nic = new TaggedNic("eth0");
    List<VlanBridge> wanted = List.of(VlanBridge.of(HUNDRED), new VlanBridge(new VlanId(7), "dmz"));
    KernelState before = KernelState.of(kernel);
    Host host = new Host(kernel);
    FaultAtEveryStep.apply(nic.start(host, wanted, link("eth0"), true), kernel);
    assertThat(new Host(kernel).master(link("eth0.7"))).isEqualTo("dmz");
    assertThat(link("eth0.7").lower()).isEqualTo(link("eth0").index());
    assertThat(nic.start(new Host(kernel), wanted, link("eth0"), true).steps()).isEmpty();
    Host started = new Host(kernel);
    FaultAtEveryStep.apply(nic.stop(started, nic.made(started), "eth0"), kernel);
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
  }
}
