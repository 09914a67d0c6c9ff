package org.passerelle.lab.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.bridge.NetloopNames;
import org.passerelle.bridge.VifAttachment;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Journal;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanException;
import org.passerelle.link.plan.Recovery;
import org.passerelle.link.plan.Transaction;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkNews;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.testing.Extent;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.testing.KilledKernel;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** What a bridge in user space looks like through the kernel that tells of it. */
class SwitchedKernelTest {
  private static final NetloopNames NAMES = new NetloopNames(0, "xenbr0", "eth0", 1);
  private static final Journal.Key KEY = new Journal.Key("boot", 1);
  private static final MacAddress LOW = MacAddress.parse("00:16:3e:00:00:01");
  private static final MacAddress HIGH = MacAddress.parse("00:16:3e:00:00:02");

  /** Beyond what a process may have. */
  private static final int NO_DESCRIPTOR = Integer.MAX_VALUE;

  @TempDir private Path directory;
  private final FakeKernel inner = new FakeKernel();
  private final FakeDoors doors = new FakeDoors(inner);
  private final SwitchThread thread = new SwitchThread();
  private final Switchboard board = new Switchboard(thread, doors, this::survey);
  private final Kernel kernel = new SwitchedKernel(inner, board);

  @BeforeEach
  void bridgeAndDevices() {
    inner.plug("eth0", HIGH);
    inner.plug("eth1", LOW);
    kernel.create(LinkSpec.of("br0", BridgeKind.XEN).withGroup(7));
    kernel.create(LinkSpec.of("br1", BridgeKind.XEN));
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

  private void enslave(String device, String bridge) {
    kernel.change(device, LinkChange.builder().master(bridge).build());
  }

  private void assertMaster(String device, String bridge) {
    assertThat(new Host(kernel).master(link(device))).isEqualTo(bridge);
  }

  @Test
  void aBridgeIsToldOfAsOne() {
    assertThat(link("br0").kind()).isEqualTo("bridge");
    assertThat(link("br0").group()).isEqualTo(7);
    assertThat(link("br0").lower()).isZero();
    assertThat(BridgeKind.of(link("br0").data())).isEqualTo(settings(30_000));
    kernel.create(LinkSpec.of("veth0", new VethKind("vif0.0")));
    assertThat(link("veth0").kind()).isEqualTo("veth");
    assertThat(inner.log()).doesNotContain("create br0 bridge");
  }

  @Test
  void itsSettingsCanBeChanged() {
    BridgeKind slow = new BridgeKind(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.of(100));
    kernel.change("br0", LinkChange.builder().kind(slow).build());
    assertThat(BridgeKind.of(link("br0").data())).isEqualTo(settings(100));
  }

  private static BridgeKind settings(int ageingTime) {
    return new BridgeKind(OptionalInt.of(0), OptionalInt.of(0), OptionalInt.of(ageingTime));
  }

  @Test
  void aDeviceBecomesAPortAndIsOneNoMore() {
    enslave("eth0", "br0");
    assertMaster("eth0", "br0");
    assertThat(inner.link("eth0").orElseThrow().master()).isZero();
    enslave("eth0", "br0");
    enslave("eth0", "br1");
    assertMaster("eth0", "br1");
    enslave("eth0", "");
    assertMaster("eth0", "");
    assertThat(doors.log).containsExactly("take eth0", "give back eth0");
  }

  @Test
  void whatCannotBeWatchedIsGivenBack() {
    doors.descriptor = NO_DESCRIPTOR;
    assertThatThrownBy(() -> enslave("eth0", "br0")).hasMessageContaining("EBADF");
    assertMaster("eth0", "");
    LinkSpec third = LinkSpec.of("br2", BridgeKind.XEN);
    assertThatThrownBy(() -> kernel.create(third)).hasMessageContaining("EBADF");
    assertThat(doors.log).containsExactly("take eth0", "give back eth0", "give back br2");
    doors.descriptor = -1;
    enslave("eth0", "br0");
    assertMaster("eth0", "br0");
  }

  @Test
  void aPortStaysWhereItWasWhenItsNewBridgeIsJustGone() {
    enslave("eth0", "br0");
    Link port = link("eth0");
    int gone = link("br1").index();
    board.end(gone);
    assertThatThrownBy(() -> board.enslave(port, gone)).hasMessageContaining("just gone");
    assertMaster("eth0", "br0");
    assertThat(doors.log).doesNotContain("give back eth0");
    enslave("eth0", "");
    assertThat(doors.log).contains("give back eth0");
  }

  /** The cause is told, not what came of undoing. */
  @Test
  void aPairThatCannotBeMadeReadyIsGone() {
    doors.refusal = new IllegalStateException("a fault");
    LinkSpec refused = LinkSpec.of("veth1", new VethKind("vif0.1"));
    assertThatThrownBy(() -> kernel.create(refused)).isSameAs(doors.refusal);
    assertThat(kernel.link("veth1")).isEmpty();
    doors.whenRefusing = () -> inner.delete("veth1");
    assertThatThrownBy(() -> kernel.create(refused))
        .isSameAs(doors.refusal)
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
  }

  @Test
  void whatElseIsAskedIsDoneToo() {
    kernel.change("eth0", LinkChange.builder().master("br0").up(true).name("peth0").build());
    assertMaster("peth0", "br0");
    assertThat(link("peth0").isUp()).isTrue();
  }

  @Test
  void aChangeThatIsRefusedLeavesTheMasterAsItWas() {
    enslave("eth0", "br0");
    LinkChange taken = LinkChange.builder().master("br1").name("eth1").build();
    assertThatThrownBy(() -> kernel.change("eth0", taken)).isInstanceOf(KernelException.class);
    assertMaster("eth0", "br0");
    doors.refusal = new KernelException("open", 1, "EPERM", "");
    assertThatThrownBy(() -> enslave("eth1", "br0")).isSameAs(doors.refusal);
    assertMaster("eth1", "");
  }

  @Test
  void namesMayChange() {
    enslave("eth0", "br0");
    kernel.change("br0", LinkChange.builder().name("xenbr0").build());
    kernel.change("eth0", LinkChange.builder().name("peth0").build());
    assertThat(link("xenbr0").kind()).isEqualTo("bridge");
    assertMaster("peth0", "xenbr0");
  }

  @Test
  void aPairIsReadyForEitherEndToBecomeAPort() {
    kernel.create(LinkSpec.of("veth0", new VethKind("vif0.0")));
    assertThat(doors.log).containsExactly("prepare veth0 and vif0.0");
    doors.refusal = new KernelException("set offloads of veth1", 1, "EPERM", "");
    LinkSpec refused = LinkSpec.of("veth1", new VethKind("vif0.1"));
    assertThatThrownBy(() -> kernel.create(refused)).isSameAs(doors.refusal);
    assertThat(kernel.link("veth1")).isEmpty();
  }

  @Test
  void whoIsDeletedIsForgotten() {
    kernel.create(LinkSpec.of("veth0", new VethKind("vif0.0")));
    enslave("vif0.0", "br0");
    enslave("eth0", "br0");
    kernel.delete("vif0.0");
    assertThat(board.roster().masters()).hasSize(1);
    kernel.delete("br0");
    assertMaster("eth0", "");
    assertThat(kernel.link("br0")).isEmpty();
    assertThat(doors.log).contains("give back vif0.0", "give back eth0", "give back br0");
    assertThat(board.roster().bridges()).hasSize(1);
  }

  @Test
  void whoVanishesIsForgotten() {
    enslave("eth0", "br0");
    Link gone = link("eth0");
    Link bridge = link("br1");
    thread.run(() -> board.heard(new LinkNews(gone, true, 0)));
    thread.run(() -> board.heard(new LinkNews(bridge, true, 0)));
    assertThat(board.roster().masters()).isEmpty();
    assertThat(board.roster().isBridge(bridge.index())).isFalse();
  }

  @Test
  void whoVanishedUnheardIsFoundMissing() {
    kernel.create(LinkSpec.of("veth0", new VethKind("vif0.0")));
    enslave("vif0.0", "br0");
    enslave("eth0", "br0");
    inner.delete("veth0");
    inner.delete("br1");
    thread.run(board::missedSome);
    assertThat(board.roster().masters()).containsOnlyKeys(link("eth0").index());
    assertThat(board.roster().bridges()).containsOnlyKeys(link("br0").index());
  }

  /** As Linux does: br_stp_recalculate_bridge_id, br_mtu_auto_adjust. */
  @Test
  void itsPortsGiveABridgeItsAddressAndMtu() {
    kernel.change("eth0", LinkChange.builder().mtu(9000).build());
    enslave("eth0", "br0");
    assertThat(link("br0").mac()).isEqualTo(HIGH);
    assertThat(link("br0").mtu()).isEqualTo(9000);
    enslave("eth1", "br0");
    assertThat(link("br0").mac()).isEqualTo(LOW);
    assertThat(link("br0").mtu()).isEqualTo(1500);
    kernel.change("eth1", LinkChange.builder().mac(MacAddress.VIF).mtu(4000).build());
    assertThat(link("br0").mac()).isEqualTo(HIGH);
    assertThat(link("br0").mtu()).isEqualTo(4000);
    kernel.delete("br0");
  }

  @Test
  void whatSomebodyChoseForABridgeStays() {
    kernel.change("br0", LinkChange.builder().mac(MacAddress.VIF).mtu(1400).build());
    enslave("eth0", "br0");
    assertThat(link("br0").mac()).isEqualTo(MacAddress.VIF);
    assertThat(link("br0").mtu()).isEqualTo(1400);
  }

  @Test
  void refusesAsTheKernelDoes() {
    assertThatThrownBy(() -> enslave("br0", "br1"))
        .hasMessageStartingWith("set br0 master br1: ELOOP (40, ");
    assertThatThrownBy(() -> enslave("lo", "br0")).matches(e -> Refusal.EINVAL.is(refused(e)));
    assertThatThrownBy(() -> enslave("eth0", "nowhere"))
        .matches(e -> Refusal.ENODEV.is(refused(e)));
    assertThatThrownBy(() -> enslave("nothing", "br0")).matches(e -> Refusal.ENODEV.is(refused(e)));
    assertThatThrownBy(() -> kernel.create(LinkSpec.of("br0", BridgeKind.XEN)))
        .matches(e -> Refusal.EEXIST.is(refused(e)));
    enslave("br0", "");
  }

  private static KernelException refused(Throwable thrown) {
    return (KernelException) thrown;
  }

  @Test
  void hasNoSpanningTree() {
    BridgeKind tree = new BridgeKind(OptionalInt.of(1), OptionalInt.empty(), OptionalInt.empty());
    assertThatThrownBy(() -> kernel.create(LinkSpec.of("br2", tree)))
        .hasMessageStartingWith("create br2 stp_state 1: EOPNOTSUPP")
        .hasMessageContaining("a bridge in user space has no spanning tree");
    LinkChange change = LinkChange.builder().kind(tree).build();
    assertThatThrownBy(() -> kernel.change("br0", change))
        .hasMessageStartingWith("set br0 stp_state 1: EOPNOTSUPP");
  }

  private void address(String prefix) {
    kernel.add(Address.of("eth0", IpPrefix.parse(prefix)));
  }

  private void run(Plan plan) {
    try (Journal journal = new Journal(directory, KEY, "test")) {
      new Transaction(kernel, journal, () -> false).run(plan);
    }
  }

  private void host() {
    kernel.delete("br0");
    kernel.delete("br1");
    kernel.change("eth0", LinkChange.builder().up(true).build());
    address("192.0.2.10/24");
    address("2001:db8::10/64");
    inner.settle();
  }

  private Plan start(boolean live) {
    return NAMES.start(new Host(kernel), live);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void networkBridgeStartsAndStops(boolean live) {
    host();
    KernelState before = KernelState.of(kernel);
    run(start(live));
    assertMaster("peth0", "xenbr0");
    assertMaster("vif0.0", "xenbr0");
    assertThat(start(live).steps()).isEmpty();
    kernel.create(LinkSpec.of("vif1.0", new VethKind("guest")));
    VifAttachment vif =
        new VifAttachment("vif1.0", Optional.of("web"), Optional.empty(), OptionalInt.empty());
    run(vif.attach(new Host(kernel), live));
    assertMaster("web", "xenbr0");
    run(vif.detach(new Host(kernel)));
    kernel.delete("web");
    run(NAMES.stop(new Host(kernel), live));
    inner.settle();
    assertThat(KernelState.of(kernel).differencesFrom(before)).isEmpty();
    assertThat(board.roster()).isEqualTo(Roster.EMPTY);
  }

  /** Whichever change fails, and wherever the process is killed: it is as it was. */
  @Test
  void whatFailsOrIsKilledIsUndone() {
    host();
    KernelState before = KernelState.of(kernel);
    int steps = start(true).steps().size();
    int failures = 0;
    for (int step = 0; step < steps; step += Extent.of(3, 1)) {
      inner.failAfter(step, Refusal.ENOMEM);
      failures += startFails() ? 1 : 0;
      assertThat(KernelState.of(kernel).differencesFrom(before)).as("step " + step).isEmpty();
      assertThat(board.roster()).isEqualTo(Roster.EMPTY);
      kill(step);
      new Recovery(directory, KEY, kernel, line -> {}, proof -> false).run();
      assertThat(KernelState.of(kernel).differencesFrom(before)).as("kill " + step).isEmpty();
      assertThat(board.roster()).isEqualTo(Roster.EMPTY);
    }
    assertThat(failures).isGreaterThan(Extent.of(10, 30));
  }

  /** A change that a bridge makes by itself, to follow its ports, fails nothing. */
  private boolean startFails() {
    try {
      run(start(true));
    } catch (PlanException e) {
      return true;
    }
    run(NAMES.stop(new Host(kernel), true));
    inner.settle();
    return false;
  }

  private void kill(int step) {
    Kernel dying = new KilledKernel(kernel, step, step % 2 == 0);
    Plan plan = start(true);
    try (Journal journal = new Journal(directory, KEY, "test")) {
      assertThatThrownBy(() -> new Transaction(dying, journal, () -> false).run(plan))
          .isInstanceOf(KilledKernel.Killed.class);
    }
  }
}
