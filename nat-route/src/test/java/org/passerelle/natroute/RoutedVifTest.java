package org.passerelle.natroute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanException;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.testing.FaultAtEveryStep;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** The plans of vif-route. */
class RoutedVifTest {
  private static final RoutedVif VIF =
      new RoutedVif(
          new VifDevice("vif7.0", Optional.of("web0")),
          GuestAddresses.parse("10.1.2.3  10.1.4.0/24 2001:db8::7 2001:db8:7::/48"),
          "eth0",
          2,
          List.of());

  static FakeKernel host() {
    FakeKernel kernel = new FakeKernel();
    kernel.plug("eth0", MacAddress.parse("02:00:00:00:00:01"));
    kernel.change("eth0", LinkChange.builder().up(true).build());
    kernel.add(Address.of("eth0", IpPrefix.parse("192.0.2.10/24")));
    kernel.add(Address.of("eth0", IpPrefix.parse("192.0.2.11/24")));
    kernel.create(LinkSpec.of("vif7.0", new VethKind("guest7")).withMac(MacAddress.VIF));
    return kernel;
  }

  private static Plan attach(FakeKernel kernel) {
    return VIF.attach(new Host(kernel), true);
  }

  private static List<String> commands(Plan plan) {
    return plan.steps().stream().map(step -> step.operation().command()).toList();
  }

  @Test
  void routesToEachAddressOfTheGuest() {
    assertThat(commands(attach(host())))
        .containsExactly(
            "ip link set dev vif7.0 alias vif7.0",
            "ip link set dev vif7.0 name web0",
            "sysctl -w net/ipv4/conf/web0/proxy_arp=1",
            "ip address add 192.0.2.10/32 dev web0",
            "ip link set dev web0 up",
            "ip route add 10.1.2.3/32 dev web0 scope link src 192.0.2.10 metric 2",
            "ip route add 10.1.4.0/24 dev web0 scope link src 192.0.2.10 metric 2",
            "ip -6 route add 2001:db8::7/128 dev web0 metric 2",
            "ip neighbour add proxy 2001:db8::7 dev eth0",
            "ip -6 route add 2001:db8:7::/48 dev web0 metric 2");
  }

  @Test
  void isDoneOnce() {
    FakeKernel kernel = host();
    FaultAtEveryStep.apply(attach(kernel), kernel);
    assertThat(attach(kernel).steps()).isEmpty();
  }

  @Test
  void aNewMainAddressIsTheSourceOfTheOldRoutes() {
    FakeKernel kernel = host();
    FaultAtEveryStep.apply(attach(kernel), kernel);
    kernel.remove(Address.of("eth0", IpPrefix.parse("192.0.2.10/24")));
    kernel.add(Address.of("eth0", IpPrefix.parse("192.0.2.12/24")));
    FaultAtEveryStep.apply(attach(kernel), kernel);
    assertThat(kernel.addresses("web0"))
        .filteredOn(address -> !address.local().isV6())
        .extracting(Address::local)
        .containsExactly(IpPrefix.parse("192.0.2.12"));
    assertThat(kernel.routes("web0"))
        .filteredOn(route -> !route.isV6() && route.metric() == 2)
        .hasSize(2)
        .allMatch(route -> route.source().equals(Optional.of(IpPrefix.address("192.0.2.12"))));
  }

  @Test
  void whoHasTheAddressAlreadyIsNamed() {
    FakeKernel kernel = host();
    FaultAtEveryStep.apply(attach(kernel), kernel);
    kernel.plug("vif8.0", MacAddress.VIF);
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> other("10.1.2.3").attach(new Host(kernel), true))
        .withMessage("10.1.2.3 is web0's already: dom0 has a route to it there");
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> other("10.7.7.7 2001:db8:7::/48").attach(new Host(kernel), true))
        .withMessage("2001:db8:7::/48 is web0's already: dom0 has a route to it there");
  }

  private static RoutedVif other(String ip) {
    return new RoutedVif(
        new VifDevice("vif8.0", Optional.empty()), GuestAddresses.parse(ip), "eth0", 2, List.of());
  }

  /** Until the guest's drivers take over both are there. */
  @Test
  void anEmulatedNicHasTheAddressesOfItsVif() {
    FakeKernel kernel = host();
    FaultAtEveryStep.apply(attach(kernel), kernel);
    kernel.plug("vif7.0-emu", MacAddress.VIF);
    RoutedVif tap =
        new RoutedVif(
            new VifDevice("vif7.0-emu", Optional.empty()), VIF.guest(), VIF.uplink(), 1, List.of());
    FaultAtEveryStep.apply(tap.attach(new Host(kernel), true), kernel);
    assertThat(kernel.routes("vif7.0-emu")).filteredOn(route -> route.metric() == 1).hasSize(4);
  }

  @Test
  void anotherGuestsAddressIsRefusedByTheKernelToo() {
    FakeKernel kernel = host();
    kernel.plug("vif8.0", MacAddress.VIF);
    Plan late = other("10.1.2.3").attach(new Host(kernel), true);
    FaultAtEveryStep.apply(attach(kernel), kernel);
    KernelState before = KernelState.of(kernel);
    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> FaultAtEveryStep.apply(late, kernel))
        .withMessageContaining("10.1.2.3")
        .withMessageContaining("EEXIST");
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
  }

  @Test
  void withoutAMainAddressThereIsNoRouter() {
    FakeKernel kernel = host();
    kernel.remove(Address.of("eth0", IpPrefix.parse("192.0.2.10/24")));
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> attach(kernel))
        .withMessage(
            "eth0 is not up.  Bring it up or specify another interface with  netdev=<if> as a"
                + " parameter to vif-route.");
  }

  @Test
  void aGuestOfIpv6AloneNeedsNoIpv4Router() {
    FakeKernel kernel = host();
    kernel.remove(Address.of("eth0", IpPrefix.parse("192.0.2.10/24")));
    RoutedVif vif =
        new RoutedVif(
            new VifDevice("vif7.0", Optional.empty()),
            GuestAddresses.parse("2001:db8::7"),
            "eth0",
            1,
            List.of());
    assertThat(commands(vif.attach(new Host(kernel), true)))
        .containsExactly(
            "sysctl -w net/ipv4/conf/vif7.0/proxy_arp=1",
            "ip link set dev vif7.0 up",
            "ip -6 route add 2001:db8::7/128 dev vif7.0 metric 1",
            "ip neighbour add proxy 2001:db8::7 dev eth0");
  }

  @Test
  void theReleaseLeavesNothingBehind() {
    FakeKernel kernel = host();
    FaultAtEveryStep.apply(attach(kernel), kernel);
    FaultAtEveryStep.apply(VIF.detach(new Host(kernel)), kernel);
    assertThat(kernel.routes("web0")).isEmpty();
    assertThat(kernel.addresses("web0")).noneMatch(address -> !address.local().isV6());
    assertThat(kernel.neighbours()).isEmpty();
    assertThat(kernel.link("web0").orElseThrow().isUp()).isFalse();
    assertThat(VIF.detach(new Host(kernel)).steps()).isEmpty();
  }

  @Test
  void ofAVifThatIsGoneOnlyTheAnswersOutsideAreLeft() {
    FakeKernel kernel = host();
    FaultAtEveryStep.apply(attach(kernel), kernel);
    kernel.delete("web0");
    assertThat(commands(VIF.detach(new Host(kernel))))
        .containsExactly("ip neighbour del proxy 2001:db8::7 dev eth0");
  }

  @Test
  void whateverFailsIsUndone() {
    assertThat(new FaultAtEveryStep(RoutedVifTest::host, host -> VIF.attach(host, true)).run())
        .isEqualTo(10);
    assertThat(
            new FaultAtEveryStep(
                    () -> {
                      FakeKernel kernel = host();
                      FaultAtEveryStep.apply(attach(kernel), kernel);
                      return kernel;
                    },
                    VIF::detach)
                .run())
        .isEqualTo(3);
  }

  @Test
  void whatIsNoAddressIsNamed() {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> GuestAddresses.parse("10.0.0.1 web.example"))
        .withMessage("ip=web.example is neither an address nor a network");
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> GuestAddresses.parse("10.0.0.1,10.0.0.2"))
        .withMessageEndingWith("nor a network: blanks stand between several, no commas");
    assertThat(GuestAddresses.parseWhatCanBe("10.0.0.1 web.example").all())
        .containsExactly(IpPrefix.parse("10.0.0.1"));
  }
}
