package org.passerelle.natroute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.DhcpHost;
import org.passerelle.link.testing.FaultAtEveryStep;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** What plans tell a DHCP server. */
class GuestLeaseTest {
  private static final String USER = "network-nat eth0";
  private static final MacAddress MAC = MacAddress.parse("00:16:3e:00:07:01");
  private static final GuestLease LEASE = lease("vif7.0", "fd00::7 10.0.9.200/24 10.0.9.5", "web");

  private static GuestLease lease(String vif, String addresses, String name) {
    return new GuestLease(
        new VifDevice(vif, Optional.empty()), MAC, GuestAddresses.parse(addresses), name);
  }

  private static FakeKernel host() {
    FakeKernel kernel = RoutedVifTest.host();
    kernel.startDhcp(USER);
    return kernel;
  }

  private static FakeKernel told() {
    FakeKernel kernel = host();
    apply(LEASE.attach(new Host(kernel)), kernel);
    return kernel;
  }

  private static void apply(Plan plan, FakeKernel kernel) {
    FaultAtEveryStep.apply(plan, kernel);
  }

  private static List<String> commands(Plan plan) {
    return plan.steps().stream().map(step -> step.operation().command()).toList();
  }

  @Test
  void aGuestIsToldItsFirstIpv4Address() {
    FakeKernel kernel = told();
    assertThat(kernel.dhcpHosts())
        .containsExactly(
            new DhcpHost(
                "vif7.0",
                "vif7.0",
                MAC,
                IpPrefix.address("10.0.9.200"),
                IpPrefix.address("10.0.9.73"),
                "web"));
    assertThat(LEASE.attach(new Host(kernel)).isEmpty()).isTrue();
    apply(GuestLease.detach(new Host(kernel), LEASE.vif()), kernel);
    assertThat(kernel.dhcpHosts()).isEmpty();
    assertThat(GuestLease.detach(new Host(kernel), LEASE.vif()).isEmpty()).isTrue();
  }

  @Test
  void whatChangedIsToldAnew() {
    FakeKernel kernel = told();
    apply(lease("vif7.0", "10.0.9.5", "db").attach(new Host(kernel)), kernel);
    assertThat(kernel.dhcpHosts()).extracting(DhcpHost::name).containsExactly("db");
    apply(lease("vif7.0", "fd00::7", "db").attach(new Host(kernel)), kernel);
    assertThat(kernel.dhcpHosts()).isEmpty();
  }

  /** A domain that crashed may have left its entry; the next has its address, on another vif. */
  @Test
  void anAddressIsNobodysOnceItsVifIsGone() {
    FakeKernel kernel = told();
    kernel.plug("vif8.0", MacAddress.VIF);
    GuestLease next = lease("vif8.0", "10.0.9.200", "next");
    assertThat(commands(next.attach(new Host(kernel))))
        .containsExactly("dnsmasq --dhcp-host=" + MAC + ",tag:vif8.0,10.0.9.200,next");
    kernel.delete("vif7.0");
    apply(next.attach(new Host(kernel)), kernel);
    assertThat(kernel.dhcpHosts()).extracting(DhcpHost::vif).containsExactly("vif8.0");
  }

  @Test
  void withoutAServerNobodyIsTold() {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> LEASE.attach(new Host(RoutedVifTest.host())))
        .withMessage("dhcp=yes works once network-nat is started with dhcp=yes");
    FakeKernel killed = host();
    killed.killDhcp();
    assertThat(LEASE.attach(new Host(killed)).isEmpty()).isFalse();
  }

  @Test
  void aDeviceThatAServerCannotBeToldOfIsRefused() {
    FakeKernel kernel = host();
    VifDevice vif = new VifDevice("vif7.0", Optional.of("web,0"));
    GuestLease lease = new GuestLease(vif, MAC, GuestAddresses.parse("10.0.7.1"), "web");
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> lease.attach(new Host(kernel)))
        .withMessage("dhcp=yes: no DHCP server can be told of a device called web,0");
  }

  private static Plan server(Host host) {
    PlanSteps steps = new PlanSteps(host);
    GuestLease.addServer(steps, USER);
    return steps.build();
  }

  private static Plan noServer(Host host) {
    PlanSteps steps = new PlanSteps(host);
    GuestLease.removeServer(steps, USER);
    return steps.build();
  }

  @Test
  void aServerThatWasKilledIsStartedAnew() {
    FakeKernel kernel = host();
    assertThat(server(new Host(kernel)).isEmpty()).isTrue();
    kernel.killDhcp();
    apply(server(new Host(kernel)), kernel);
    assertThat(kernel.isDhcpRunning()).isTrue();
    apply(noServer(new Host(kernel)), kernel);
    assertThat(kernel.isDhcpRunning()).isFalse();
    assertThat(noServer(new Host(kernel)).isEmpty()).isTrue();
  }

  @Test
  void aServerRunsForWhoeverWantsIt() {
    FakeKernel kernel = host();
    kernel.startDhcp("network-nat eth1");
    apply(noServer(new Host(kernel)), kernel);
    assertThat(kernel.isDhcpRunning()).isTrue();
    assertThat(kernel.dhcpUsers()).containsExactly("network-nat eth1");
  }

  @Test
  void whateverFailsIsUndone() {
    assertThat(new FaultAtEveryStep(GuestLeaseTest::host, LEASE::attach).run()).isOne();
    GuestLease other = lease("vif7.0", "10.0.9.5", "db");
    assertThat(new FaultAtEveryStep(GuestLeaseTest::told, other::attach).run()).isEqualTo(2);
    assertThat(
            new FaultAtEveryStep(GuestLeaseTest::told, host -> GuestLease.detach(host, LEASE.vif()))
                .run())
        .isOne();
    assertThat(new FaultAtEveryStep(RoutedVifTest::host, GuestLeaseTest::server).run()).isOne();
    assertThat(new FaultAtEveryStep(GuestLeaseTest::host, GuestLeaseTest::noServer).run()).isOne();
  }

  /** Vifs come, change and go in any order: what is told is what the last of each had. */
  @Property(tries = 100)
  void whatIsToldFollowsTheVifs(@ForAll long seed) {
    Random random = new Random(seed);
    FakeKernel kernel = host();
    kernel.plug("vif8.0", MacAddress.VIF);
    KernelState before = KernelState.of(kernel);
    List<String> vifs = List.of("vif7.0", "vif8.0");
    for (int act = 0; act < 12; act++) {
      String vif = vifs.get(random.nextInt(2));
      GuestLease lease = lease(vif, "10.0." + vif.charAt(3) + "." + random.nextInt(3), "web");
      if (random.nextBoolean()) {
        apply(lease.attach(new Host(kernel)), kernel);
        assertThat(kernel.dhcpHosts())
            .filteredOn(one -> one.vif().equals(vif))
            .extracting(DhcpHost::address)
            .containsExactly(lease.address().orElseThrow());
      } else {
        apply(GuestLease.detach(new Host(kernel), lease.vif()), kernel);
        assertThat(kernel.dhcpHosts()).noneMatch(one -> one.vif().equals(vif));
      }
    }
    vifs.forEach(
        vif ->
            apply(
                GuestLease.detach(new Host(kernel), new VifDevice(vif, Optional.empty())), kernel));
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
  }
}
