package org.passerelle.natroute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelDecorator;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkKind;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.RawAttribute;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.rtnl.TableEntry;
import org.passerelle.link.testing.FaultAtEveryStep;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** The plans of vif-nat, and what network-nat does to the packet filter. */
class NatVifTest {
  private static final NatVif VIF =
      new NatVif(
          new VifDevice("vif7.0", Optional.empty()),
          GuestAddresses.parse("10.0.9.5 10.0.9.200/24 fd00::7"),
          PortForward.parse("tcp:8080:80,udp:53:53"),
          Optional.empty(),
          List.of());

  private static FakeKernel host() {
    FakeKernel kernel = RoutedVifTest.host();
    kernel.createTable();
    return kernel;
  }

  private static FakeKernel attached() {
    FakeKernel kernel = host();
    FaultAtEveryStep.apply(VIF.attach(new Host(kernel), true), kernel);
    return kernel;
  }

  private static Plan detach(Host host, NatVif vif, boolean withForwards) {
    return NatVif.detach(host, vif.vif(), vif.known(), withForwards);
  }

  private static List<String> commands(Plan plan) {
    return plan.steps().stream().map(step -> step.operation().command()).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0, 10.0.0.127",
    "10.0.0.1, 10.0.0.128",
    "10.0.0.127, 10.0.0.254",
    "10.0.0.128, 10.0.0.1",
    "10.0.0.254, 10.0.0.127",
    "10.200.0.255, 10.200.0.128"
  })
  void theRouterIsHalfANetworkAway(String guest, String router) {
    assertThat(RouterAddress.of(IpPrefix.address(guest))).isEqualTo(IpPrefix.address(router));
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 10.0.1.1/16", "300, 1, 10.1.44.2/16", "65535, 254, 10.255.255.255/16"})
  void anAddressThatNobodyChoseIsTheDomains(int domain, int handle, String address) {
    assertThat(NatVif.computed(domain, handle).all()).containsExactly(IpPrefix.parse(address));
  }

  @Test
  void aVifTooManyMustBeGivenOne() {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> NatVif.computed(1, 255))
        .withMessage("there is no address for vif 255 of domain 1; give it one, ip=");
    assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> NatVif.computed(65536, 0));
  }

  @Test
  void eachAddressHasItsRouter() {
    assertThat(commands(VIF.attach(new Host(host()), true)))
        .containsExactly(
            "sysctl -w net/ipv4/conf/vif7.0/proxy_arp=1",
            "ip address add 10.0.9.132/32 dev vif7.0",
            "ip address add 10.0.9.73/32 dev vif7.0",
            "ip link set dev vif7.0 up",
            "ip route add 10.0.9.5/32 dev vif7.0 scope link src 10.0.9.132",
            "ip route add 10.0.9.200/32 dev vif7.0 scope link src 10.0.9.73",
            "ip -6 route add fd00::7/128 dev vif7.0",
            forward("forwards4", "tcp . 8080", "10.0.9.5 . 80"),
            forward("forwards4", "udp . 53", "10.0.9.5 . 53"),
            forward("forwards6", "tcp . 8080", "fd00::7 . 80"),
            forward("forwards6", "udp . 53", "fd00::7 . 53"));
  }

  private static String forward(String map, String key, String data) {
    return "nft create element inet passerelle "
        + map
        + " '{ "
        + key
        + " comment \"vif7.0\" : "
        + data
        + " }'";
  }

  @Test
  void isDoneOnce() {
    assertThat(VIF.attach(new Host(attached()), true).steps()).isEmpty();
  }

  /** An administrator's, in a VRF or in Open vSwitch, is no bridge's. */
  @Test
  void aPortOfWhatIsNoBridgeIsNotDisturbed() {
    FakeKernel kernel = attached();
    kernel.create(LinkSpec.of("red", new Plain("vrf")));
    kernel.change("vif7.0", LinkChange.builder().master("red").build());
    assertThat(VIF.attach(new Host(kernel), true).steps()).isEmpty();
  }

  private record Plain(String name) implements LinkKind {
    @Override
    public List<RawAttribute> data() {
      return List.of();
    }

    @Override
    public String ipArguments() {
      return "";
    }
  }

  /** Several vifs may have it, and a way out. */
  @Test
  void anAddressThatAnAdministratorHasThereStays() {
    FakeKernel kernel = attached();
    kernel.plug("vif8.0", MacAddress.VIF);
    List<Address> own =
        Stream.of("vif7.0", "vif8.0", "eth0")
            .map(device -> Address.of(device, IpPrefix.parse("10.9.9.1/32")))
            .toList();
    own.forEach(kernel::add);
    FaultAtEveryStep.apply(of("10.0.9.6").attach(new Host(kernel), true), kernel);
    assertThat(kernel.addresses("vif7.0"))
        .extracting(one -> one.local().toString())
        .containsOnlyOnce("10.9.9.1/32")
        .doesNotContain("10.0.9.132/32", "10.0.9.73/32");
  }

  @Test
  void aRouteThatAnAdministratorHasThereStays() {
    FakeKernel kernel = attached();
    Route metric =
        Route.onLink(
            IpPrefix.parse("10.9.9.2/32"),
            "vif7.0",
            Optional.of(IpPrefix.address("192.0.2.11")),
            2);
    kernel.add(metric);
    FaultAtEveryStep.apply(of("10.0.9.6").attach(new Host(kernel), true), kernel);
    assertThat(kernel.routes("vif7.0"))
        .extracting(Route::destination)
        .contains(metric.destination())
        .doesNotContain(IpPrefix.parse("10.0.9.5/32"));
  }

  private static NatVif of(String ip) {
    return new NatVif(VIF.vif(), GuestAddresses.parse(ip), List.of(), Optional.empty(), List.of());
  }

  @Test
  void twoGuestsAreNotEachOthersRouter() {
    FakeKernel kernel = attached();
    kernel.plug("vif8.0", MacAddress.VIF);
    NatVif other =
        new NatVif(
            new VifDevice("vif8.0", Optional.empty()),
            GuestAddresses.parse("10.0.9.73"),
            List.of(),
            Optional.empty(),
            List.of());
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> other.attach(new Host(kernel), true))
        .withMessage(
            "10.0.9.73 would have the router 10.0.9.200, which is the address of the guest behind"
                + " vif7.0");
  }

  @Test
  void onlyItsOwnPortsGoWithIt() {
    FakeKernel kernel = attached();
    TableEntry others =
        new TableEntry("forwards4", List.of("tcp", "443"), List.of("10.0.3.1", "443"), "vif3.0");
    kernel.add(others);
    FaultAtEveryStep.apply(detach(new Host(kernel), VIF, true), kernel);
    assertThat(kernel.table()).contains(List.of(others));
    assertThat(kernel.link("vif7.0").orElseThrow().isUp()).isFalse();
    kernel.delete("vif7.0");
    assertThat(detach(new Host(kernel), VIF, true).steps()).isEmpty();
  }

  @Test
  void aPortThatChangedItsGoalLeadsThere() {
    FakeKernel kernel = attached();
    NatVif changed =
        new NatVif(
            VIF.vif(),
            GuestAddresses.parse("10.0.9.5"),
            PortForward.parse("tcp:8080:8081"),
            Optional.empty(),
            List.of());
    FaultAtEveryStep.apply(changed.attach(new Host(kernel), true), kernel);
    assertThat(kernel.table())
        .contains(
            List.of(
                new TableEntry(
                    "forwards4", List.of("tcp", "8080"), List.of("10.0.9.5", "8081"), "vif7.0")));
  }

  /** With thousands of ports in the filter, a vif takes no longer than with its own. */
  @Test
  void whatIsKnownIsNotLookedFor() {
    FakeKernel kernel = attached();
    kernel.add(new TableEntry("uplinks", List.of("eth0"), List.of(), "network-nat"));
    Kernel unread =
        new KernelDecorator(kernel) {
          @Override
          public Optional<List<TableEntry>> table() {
            throw new AssertionError("all of the table was asked for");
          }
        };
    NatVif changed =
        new NatVif(
            VIF.vif(),
            GuestAddresses.parse("10.0.9.5"),
            PortForward.parse("tcp:8080:8081"),
            Optional.of(VIF.places()),
            List.of());
    NatVif looking =
        new NatVif(VIF.vif(), changed.guest(), changed.forwards(), Optional.empty(), List.of());
    assertThat(changed.attach(new Host(unread), true))
        .isEqualTo(looking.attach(new Host(kernel), true));
    assertThat(detach(new Host(unread), changed, true))
        .isEqualTo(detach(new Host(kernel), looking, true));
  }

  @Test
  void withoutPortsTheFilterIsNotAsked() {
    FakeKernel kernel = attached();
    assertThat(commands(detach(new Host(kernel), VIF, false))).noneMatch(c -> c.startsWith("nft"));
  }

  @Test
  void whateverFailsIsUndone() {
    assertThat(new FaultAtEveryStep(NatVifTest::host, host -> VIF.attach(host, true)).run())
        .isEqualTo(11);
    assertThat(new FaultAtEveryStep(NatVifTest::attached, host -> detach(host, VIF, true)).run())
        .isEqualTo(8);
    assertThat(new FaultAtEveryStep(RoutedVifTest::host, NatVifTest::masquerade).run())
        .isEqualTo(2);
  }

  private static Plan masquerade(Host host) {
    PlanSteps steps = new PlanSteps(host);
    new Masquerade("eth0").addMissing(steps);
    return steps.build();
  }

  @Test
  void aPortLeadsToOnePlace() {
    assertThat(PortForward.parse("tcp:8080:80, udp:8080:80 tcp:8080:80"))
        .isEqualTo(PortForward.parse("tcp:8080:80 udp:8080:80"))
        .hasSize(2);
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> PortForward.parse("tcp:8080:80,tcp:8080:81"))
        .withMessage("forward=tcp:8080:80,tcp:8080:81: tcp port 8080 is there twice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tcp:80",
        "sctp:1:1",
        "tcp:0:1",
        "tcp:65536:1",
        "tcp:1:65536",
        "tcp:1:0",
        "tcp:$(reboot):1"
      })
  void aPortThatIsNoneIsNamed(String text) {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> PortForward.parse("tcp:1:1 " + text))
        .withMessage(
            "forward=" + text + " is not PROTOCOL:PORT:GUESTPORT, for example tcp:8080:80");
  }
}
