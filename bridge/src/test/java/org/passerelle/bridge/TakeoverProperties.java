package org.passerelle.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.LongRange;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Step;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.testing.FaultAtEveryStep;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.wire.MacAddress;

/** What holds for every bridge that takes a NIC's place, on whatever host, at whatever step. */
abstract class TakeoverProperties {
  private static final String VLAN = "eth0.100";

  private final BridgedNic nic;
  private final String bridge;
  private final String port;

  /**
   * @param bridge has what eth0 had
   * @param port what eth0 is called then
   */
  TakeoverProperties(BridgedNic nic, String bridge, String port) {
    this.nic = nic;
    this.bridge = bridge;
    this.port = port;
  }

  private FakeKernel started(FakeKernel kernel, boolean live) {
    FaultAtEveryStep.apply(nic.start(new Host(kernel), live), kernel);
    return kernel;
  }

  @Property(tries = 150, shrinking = ShrinkingMode.OFF)
  void everythingMoves(@ForAll @LongRange(min = 0, max = 1 << 20) long seed, @ForAll boolean live) {
    FakeKernel kernel = VlanHost.of(seed, live);
    Host before = new Host(kernel);
    List<Address> vlansAddresses = before.addresses(VLAN);
    List<Route> vlansRoutes = before.routes(VLAN);
    int addresses = before.addresses("eth0").size();
    int routes = before.routes("eth0").size();
    Host after = new Host(started(kernel, live));
    assertThat(after.addresses(bridge)).hasSize(addresses);
    assertThat(after.routes(bridge)).hasSize(routes);
    assertThat(after.neighbours(bridge)).isNotEmpty();
    assertThat(after.link(port).orElseThrow().master())
        .isEqualTo(after.link(bridge).orElseThrow().index());
    assertThat(after.addresses(port)).isEmpty();
    assertThat(after.routes(port)).isEmpty();
    assertThat(after.addresses(VLAN)).isEqualTo(vlansAddresses);
    assertThat(after.routes(VLAN)).containsExactlyInAnyOrderElementsOf(vlansRoutes);
    assertThat(after.addresses()).noneMatch(address -> (address.flags() & 0x40) != 0);
    assertThat(nic.start(after, live).steps()).isEmpty();
  }

  @Property(tries = 150, shrinking = ShrinkingMode.OFF)
  void stopLeavesTheStateBeforeStart(
      @ForAll @LongRange(min = 0, max = 1 << 20) long seed, @ForAll boolean live) {
    FakeKernel kernel = VlanHost.of(seed, live);
    KernelState before = KernelState.of(kernel);
    started(kernel, live);
    FaultAtEveryStep.apply(nic.stop(new Host(kernel), live), kernel);
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
    assertThat(nic.stop(new Host(kernel), live).steps()).isEmpty();
  }

  @Property(tries = 8, shrinking = ShrinkingMode.OFF)
  void aFaultAtAnyStepIsUndone(
      @ForAll @LongRange(min = 0, max = 1 << 20) long seed, @ForAll boolean live) {
    Supplier<FakeKernel> hosts = () -> VlanHost.of(seed, live);
    assertThat(new FaultAtEveryStep(hosts, host -> nic.start(host, live)).run()).isGreaterThan(8);
    Supplier<FakeKernel> startedHosts = () -> started(VlanHost.of(seed, live), live);
    assertThat(new FaultAtEveryStep(startedHosts, host -> nic.stop(host, live)).run())
        .isGreaterThan(6);
  }

  /** Otherwise a kernel that looks at sources (rp_filter) drops what comes in for dom0. */
  @Property(tries = 20, shrinking = ShrinkingMode.OFF)
  void theBridgeHasAnAddressWhileItGetsWhatIsForDom0(
      @ForAll @LongRange(min = 0, max = 1 << 20) long seed, @ForAll boolean live) {
    FakeKernel kernel = VlanHost.of(seed, live);
    MacAddress dom0 = kernel.link("eth0").orElseThrow().mac();
    follow(nic.start(new Host(kernel), live).steps(), dom0, kernel);
    follow(nic.stop(new Host(kernel), live).steps(), dom0, kernel);
    assertThat(kernel.links()).noneMatch(link -> link.kind().equals(BridgeKind.NAME));
  }

  private static void follow(List<Step> steps, MacAddress dom0, FakeKernel kernel) {
    int moments = 0;
    for (Step step : steps) {
      step.operation().apply(kernel);
      Host now = new Host(kernel);
      for (Link link : now.links()) {
        if (link.master() != 0 && link.isRunning() && link.mac().equals(dom0)) {
          moments++;
          assertThat(now.addresses(now.master(link)))
              .as(step.toString())
              .anyMatch(address -> !address.local().isV6());
        }
      }
    }
    assertThat(moments).isPositive();
  }
}
