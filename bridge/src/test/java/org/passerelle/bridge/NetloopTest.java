package org.passerelle.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Ownership;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.Step;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkFlags;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Neighbour;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.rtnl.VlanFlags;
import org.passerelle.link.testing.FaultAtEveryStep;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.testing.RandomHost;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** network-bridge start and stop in the manner of Xen 3.1. */
class NetloopTest {
  private static final NetloopNames NAMES = new NetloopNames(0, "xenbr0", "eth0", 1);
  private static final MacAddress NIC = MacAddress.parse("52:54:00:00:00:01");

  private static final MacAddress GATEWAY = MacAddress.parse("52:54:00:00:00:99");

  private static FakeKernel host() {
    FakeKernel kernel = new FakeKernel();
    kernel.plug("eth0", NIC);
    kernel.change("eth0", LinkChange.builder().up(true).build());
    kernel.settle();
    kernel.add(Address.of("eth0", IpPrefix.parse("192.0.2.10/24")));
    kernel.add(Address.of("eth0", IpPrefix.parse("192.0.2.11/24")).onDevice("eth0", "eth0:1"));
    kernel.add(Address.of("eth0", IpPrefix.parse("2001:db8::10/64")));
    kernel.settle();
    kernel.add(Route.via(IpPrefix.parse("0.0.0.0/0"), IpPrefix.address("192.0.2.1"), "eth0"));
    kernel.add(Route.via(IpPrefix.parse("172.16.0.0/16"), IpPrefix.address("192.0.2.9"), "eth0"));
    kernel.add(Route.via(IpPrefix.parse("::/0"), IpPrefix.address("2001:db8::1"), "eth0"));
    kernel.add(
        new Neighbour(
            "eth0", IpPrefix.address("192.0.2.1"), Optional.of(GATEWAY), Neighbour.STALE, 0));
    return kernel;
  }

  private static Plan start(FakeKernel kernel) {
    return NetloopStart.plan(NAMES, new Host(kernel), true);
  }

  private static Plan stop(FakeKernel kernel) {
    return NetloopStop.plan(NAMES, new Host(kernel), true);
  }

  private static FakeKernel started() {
    FakeKernel kernel = host();
    FaultAtEveryStep.apply(start(kernel), kernel);
    return kernel;
  }

  private static Link link(FakeKernel kernel, String name) {
    return kernel.link(name).orElseThrow();
  }

  @Test
  void printsWhatItWillDo() {
    assertThat(start(host()).lines())
        .containsExactly(
            "ip link add name xenbr0 group 20567 type bridge stp_state 0 forward_delay 0  "
                + "# the bridge",
            "ip link set dev xenbr0 alias passerelle:network-bridge:xenbr0  # mark it as ours",
            "ip link set dev xenbr0 addrgenmode none                       "
                + "# no IPv6 link-local address of its own",
            "ip link set dev xenbr0 arp off                                "
                + "# dom0 speaks by its own device, not the bridge's",
            "ip link set dev xenbr0 multicast off                          "
                + "# nor does it listen there",
            "ip link add name veth0 group 20567 type veth peer name vif0.0  "
                + "# dom0's way to a bridge",
            "ip link set dev veth0 alias passerelle:network-bridge:xenbr0  # mark it as ours",
            "ip link set dev vif0.0 alias passerelle:network-bridge:xenbr0  # mark it as ours",
            "ip link set dev vif0.0 addrgenmode none                       "
                + "# no IPv6 link-local address of its own",
            "ip link set dev vif0.0 address fe:ff:ff:ff:ff:ff              "
                + "# the highest address, which no bridge takes for its own",
            "ip link set dev vif0.0 arp off                                "
                + "# a port carries frames only",
            "ip link set dev vif0.0 multicast off                          "
                + "# and listens to nothing itself",
            "ip link set dev vif0.0 mtu 1500                               # as the NIC",
            "ip link set dev vif0.0 master xenbr0                          # dom0's port",
            "ip link set dev vif0.0 up                                     "
                + "# ports carry frames when they are up",
            "ip link set dev veth0 addrgenmode none                        "
                + "# no IPv6 link-local address of its own",
            "ip link set dev veth0 address 52:54:00:00:00:01               # dom0 keeps its MAC",
            "ip link set dev veth0 mtu 1500                                # as the NIC",
            "ip link set dev xenbr0 up                                     "
                + "# the bridge forwards when it is up",
            "ip link set dev veth0 up                                      # dom0's device to be",
            "ip link set dev eth0 name peth0                               "
                + "# the NIC gives its name away, still working",
            "ip link set dev veth0 name eth0                               "
                + "# dom0's device takes it",
            "ip neighbour add 192.0.2.1 lladdr 52:54:00:00:00:99 dev eth0 nud stale  "
                + "# known here too, and used at once",
            "ip address add 192.0.2.10/24 dev eth0                         "
                + "# the address is to be here",
            "ip address add 192.0.2.11/24 dev eth0 label eth0:1            "
                + "# the address is to be here",
            "ip address add fe80::5054:ff:fe00:1/64 dev eth0 scope link nodad  "
                + "# the address is to be here",
            "ip address add 2001:db8::10/64 dev eth0 nodad                 "
                + "# the address is to be here",
            "ip address add 192.0.2.10/32 dev xenbr0                       "
                + "# the bridge takes what comes in for dom0 meanwhile",
            "ip link set dev peth0 addrgenmode none                        "
                + "# no IPv6 link-local address of its own",
            "ip link set dev peth0 master xenbr0                           "
                + "# the NIC becomes a port",
            "ip route replace 172.16.0.0/16 via 192.0.2.9 dev eth0         # the route moves",
            "ip route replace default via 192.0.2.1 dev eth0               # the route moves",
            "ip -6 route replace default via 2001:db8::1 dev eth0 metric 1024  # the route moves",
            "ip address del 2001:db8::10/64 dev peth0                      "
                + "# the address has moved",
            "ip address del fe80::5054:ff:fe00:1/64 dev peth0              "
                + "# the address has moved",
            "ip address del 192.0.2.11/24 dev peth0                        "
                + "# the address has moved",
            "ip address del 192.0.2.10/24 dev peth0                        "
                + "# the address has moved",
            "ip link set dev peth0 address fe:ff:ff:ff:ff:ff               "
                + "# the highest address, which no bridge takes for its own",
            "ip address del 192.0.2.10/32 dev xenbr0                       "
                + "# it need not any more",
            "ip address change 2001:db8::10/64 dev eth0                    "
                + "# its address was valid before, which needed no detection; the flag goes again",
            "ip address change fe80::5054:ff:fe00:1/64 dev eth0 scope link  "
                + "# its address was valid before, which needed no detection; the flag goes again",
            "ip link set dev eth0 addrgenmode eui64                        "
                + "# link-local addresses are made as before",
            "ip link set dev peth0 arp off                                 "
                + "# the NIC carries frames only",
            "ip link set dev peth0 multicast off                           "
                + "# and listens to nothing itself");
  }

  @Test
  void printsHowItWillStop() {
    assertThat(stop(started()).lines())
        .containsExactly(
            "ip link set dev eth0 name veth0                               "
                + "# dom0's device gives the name back",
            "ip link set dev peth0 name eth0                               "
                + "# the NIC takes its own",
            "ip link set dev eth0 arp on                                   "
                + "# the NIC speaks for itself again",
            "ip link set dev eth0 multicast on                             # and listens",
            "ip address add 192.0.2.10/32 dev xenbr0                       "
                + "# the bridge takes what comes in for dom0 meanwhile",
            "ip link set dev eth0 address 52:54:00:00:00:01                "
                + "# the NIC's own MAC again",
            "ip neighbour add 192.0.2.1 lladdr 52:54:00:00:00:99 dev eth0 nud stale  "
                + "# known here too, and used at once",
            "ip address add 192.0.2.10/24 dev eth0                         "
                + "# the address is to be here",
            "ip address add 192.0.2.11/24 dev eth0 label eth0:1            "
                + "# the address is to be here",
            "ip address add fe80::5054:ff:fe00:1/64 dev eth0 scope link nodad  "
                + "# the address is to be here",
            "ip address add 2001:db8::10/64 dev eth0 nodad                 "
                + "# the address is to be here",
            "ip route replace 172.16.0.0/16 via 192.0.2.9 dev eth0         # the route moves",
            "ip route replace default via 192.0.2.1 dev eth0               # the route moves",
            "ip -6 route replace default via 2001:db8::1 dev eth0 metric 1024  # the route moves",
            "ip address del 2001:db8::10/64 dev veth0                      "
                + "# the address has moved",
            "ip address del fe80::5054:ff:fe00:1/64 dev veth0              "
                + "# the address has moved",
            "ip address del 192.0.2.11/24 dev veth0                        "
                + "# the address has moved",
            "ip address del 192.0.2.10/24 dev veth0                        "
                + "# the address has moved",
            "ip link set dev eth0 nomaster                                 # no port any more",
            "ip address del 192.0.2.10/32 dev xenbr0                       "
                + "# it need not any more",
            "ip address change 2001:db8::10/64 dev eth0                    "
                + "# its address was valid before, which needed no detection; the flag goes again",
            "ip address change fe80::5054:ff:fe00:1/64 dev eth0 scope link  "
                + "# its address was valid before, which needed no detection; the flag goes again",
            "ip link set dev eth0 addrgenmode eui64                        "
                + "# link-local addresses are made as before",
            "ip link delete dev xenbr0                                     # we made the bridge",
            "ip link delete dev veth0                                      "
                + "# we made the pair veth0");
  }

  @Test
  void makesTheBridgeAndItsPorts() {
    FakeKernel kernel = started();
    Link bridge = link(kernel, "xenbr0");
    assertThat(bridge.isUp()).isTrue();
    assertThat(BridgeKind.of(bridge.data())).isEqualTo(BridgeKind.XEN);
    assertThat(bridge.mac()).isEqualTo(MacAddress.VIF);
    for (String port : List.of("peth0", "vif0.0")) {
      Link link = link(kernel, port);
      assertThat(link.master()).isEqualTo(bridge.index());
      assertThat(link.isRunning()).isTrue();
      assertThat(link.mac()).isEqualTo(MacAddress.VIF);
      assertThat(link.flags() & LinkFlags.NOARP).isNotZero();
      assertThat(link.flags() & LinkFlags.MULTICAST).isZero();
    }
    assertThat(link(kernel, "eth0").kind()).isEqualTo("veth");
    assertThat(link(kernel, "eth0").mac()).isEqualTo(NIC);
    assertThat(link(kernel, "eth0").isRunning()).isTrue();
  }

  @Test
  void marksWhatItMadeAndNothingElse() {
    FakeKernel kernel = started();
    assertThat(kernel.links().stream().filter(Ownership::isOurs).map(Link::name))
        .containsExactlyInAnyOrder("xenbr0", "eth0", "vif0.0");
    assertThat(link(kernel, "vif0.0").alias()).isEqualTo("passerelle:network-bridge:xenbr0");
    assertThat(link(kernel, "peth0").group()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aVlanOnTheNicKeepsAllItHas(boolean loose) {
    FakeKernel kernel = RandomHost.of(1, false);
    VlanHost.vlan(kernel, VlanFlags.DEFAULT.with(VlanFlags.Flag.LOOSE_BINDING, loose));
    List<Address> addresses = new Host(kernel).addresses("eth0.100");
    List<Route> routes = new Host(kernel).routes("eth0.100");
    Plan start = NetloopStart.plan(NAMES, new Host(kernel), false);
    FaultAtEveryStep.apply(start, kernel);
    assertThat(new Host(kernel).addresses("eth0.100")).isEqualTo(addresses);
    assertThat(new Host(kernel).routes("eth0.100")).containsExactlyInAnyOrderElementsOf(routes);
    assertThat(link(kernel, "eth0.100").lower()).isEqualTo(link(kernel, "peth0").index());
    assertThat(start.lines().stream().filter(line -> line.contains("loose_binding")))
        .hasSize(loose ? 0 : 2);
  }

  @Property(tries = 150, shrinking = ShrinkingMode.OFF)
  void everythingMoves(@ForAll @LongRange(min = 0, max = 1 << 20) long seed, @ForAll boolean live) {
    FakeKernel kernel = VlanHost.of(seed, live);
    List<Address> addresses = new Host(kernel).addresses("eth0");
    List<Route> routes = new Host(kernel).routes("eth0");
    FaultAtEveryStep.apply(NetloopStart.plan(NAMES, new Host(kernel), live), kernel);
    Host after = new Host(kernel);
    assertThat(after.addresses("eth0")).hasSameElementsAs(addresses);
    assertThat(after.addresses("eth0").stream().filter(a -> a.local().isV6()))
        .containsExactlyElementsOf(addresses.stream().filter(a -> a.local().isV6()).toList());
    assertThat(after.routes("eth0")).containsExactlyInAnyOrderElementsOf(routes);
    assertThat(after.neighbours("eth0")).isNotEmpty();
    for (String silent : List.of("peth0", "vif0.0", "xenbr0")) {
      assertThat(after.addresses(silent)).isEmpty();
      assertThat(after.routes(silent)).isEmpty();
    }
    assertThat(NetloopStart.plan(NAMES, after, live).steps()).isEmpty();
  }

  @Property(tries = 150, shrinking = ShrinkingMode.OFF)
  void stopLeavesTheStateBeforeStart(
      @ForAll @LongRange(min = 0, max = 1 << 20) long seed, @ForAll boolean live) {
    FakeKernel kernel = VlanHost.of(seed, live);
    KernelState before = KernelState.of(kernel);
    FaultAtEveryStep.apply(NetloopStart.plan(NAMES, new Host(kernel), live), kernel);
    FaultAtEveryStep.apply(NetloopStop.plan(NAMES, new Host(kernel), live), kernel);
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
    assertThat(NetloopStop.plan(NAMES, new Host(kernel), live).steps()).isEmpty();
  }

  @Property(tries = 8, shrinking = ShrinkingMode.OFF)
  void aFaultAtAnyStepOfStartIsUndone(
      @ForAll @LongRange(min = 0, max = 1 << 20) long seed, @ForAll boolean live) {
    Supplier<FakeKernel> hosts = () -> VlanHost.of(seed, live);
    assertThat(new FaultAtEveryStep(hosts, host -> NetloopStart.plan(NAMES, host, live)).run())
        .isGreaterThan(20);
  }

  @Property(tries = 8, shrinking = ShrinkingMode.OFF)
  void aFaultAtAnyStepOfStopIsUndone(
      @ForAll @LongRange(min = 0, max = 1 << 20) long seed, @ForAll boolean live) {
    Supplier<FakeKernel> hosts =
        () -> {
          FakeKernel kernel = VlanHost.of(seed, live);
          FaultAtEveryStep.apply(NetloopStart.plan(NAMES, new Host(kernel), live), kernel);
          return kernel;
        };
    assertThat(new FaultAtEveryStep(hosts, host -> NetloopStop.plan(NAMES, host, live)).run())
        .isGreaterThan(8);
  }

  /** Otherwise a kernel that looks at sources (rp_filter) drops what comes in for dom0. */
  @Property(tries = 20, shrinking = ShrinkingMode.OFF)
  void theBridgeListensWhileItGetsWhatIsForDom0(
      @ForAll @LongRange(min = 0, max = 1 << 20) long seed, @ForAll boolean live) {
    FakeKernel kernel = VlanHost.of(seed, live);
    MacAddress dom0 = link(kernel, "eth0").mac();
    for (Plan plan :
        List.of(
            NetloopStart.plan(NAMES, new Host(kernel), live),
            NetloopStop.plan(NAMES, new Host(startedCopy(seed, live)), live))) {
      int moments = 0;
      for (Step step : plan.steps()) {
        step.operation().apply(kernel);
        if (getsWhatIsFor(dom0, kernel)) {
          moments++;
          assertThat(new Host(kernel).addresses("xenbr0")).as(step.toString()).isNotEmpty();
        }
      }
      assertThat(moments).isPositive();
    }
    assertThat(kernel.link("xenbr0")).isEmpty();
  }

  private static FakeKernel startedCopy(long seed, boolean live) {
    FakeKernel kernel = VlanHost.of(seed, live);
    FaultAtEveryStep.apply(NetloopStart.plan(NAMES, new Host(kernel), live), kernel);
    return kernel;
  }

  private static boolean getsWhatIsFor(MacAddress dom0, FakeKernel kernel) {
    return kernel.links().stream()
        .anyMatch(link -> link.master() != 0 && link.isRunning() && link.mac().equals(dom0));
  }

  @Test
  void addressesNeverBecomeTentative() {
    FakeKernel kernel = started();
    assertThat(kernel.addresses()).noneMatch(address -> (address.flags() & 0x40) != 0);
  }

  @Test
  void usesAPairThatIsThereAndLeavesItThere() {
    FakeKernel kernel = host();
    kernel.create(LinkSpec.of("veth0", new VethKind("vif0.0")));
    KernelState before = KernelState.of(kernel);
    FaultAtEveryStep.apply(start(kernel), kernel);
    assertThat(link(kernel, "eth0").group()).isZero();
    FaultAtEveryStep.apply(stop(kernel), kernel);
    assertThat(kernel.link("veth0")).isPresent();
    assertThat(link(kernel, "veth0").isUp()).isFalse();
    assertThat(link(kernel, "vif0.0").master()).isZero();
    assertThat(KernelState.of(kernel).addresses()).isEqualTo(before.addresses());
    assertThat(KernelState.of(kernel).routes()).isEqualTo(before.routes());
  }

  @Test
  void leavesABridgeThatItDidNotMake() {
    FakeKernel kernel = host();
    kernel.create(LinkSpec.of("xenbr0", BridgeKind.XEN));
    FaultAtEveryStep.apply(start(kernel), kernel);
    FaultAtEveryStep.apply(stop(kernel), kernel);
    assertThat(kernel.link("xenbr0")).isPresent();
    assertThat(kernel.link("veth0")).isEmpty();
  }

  @Test
  void makesAllPairsOnRequestAndRemovesThoseThatNobodyUses() {
    FakeKernel kernel = host();
    NetloopNames eight = new NetloopNames(0, "xenbr0", "eth0", 8);
    FaultAtEveryStep.apply(NetloopStart.plan(eight, new Host(kernel), true), kernel);
    for (int number = 1; number < 8; number++) {
      assertThat(kernel.link("veth" + number)).isPresent();
      assertThat(kernel.link("vif0." + number)).isPresent();
    }
    kernel.create(LinkSpec.of("other", BridgeKind.XEN));
    kernel.change("vif0.3", LinkChange.builder().master("other").build());
    FaultAtEveryStep.apply(stop(kernel), kernel);
    assertThat(kernel.links().stream().map(Link::name).filter(name -> name.startsWith("veth")))
        .containsExactly("veth3");
  }

  /** It would leave dom0 without its bridge, or the bridge without its NIC. */
  @Test
  void stopsNothingOfAnother() {
    FakeKernel kernel = started();
    KernelState before = KernelState.of(kernel);
    stopRefused(
        kernel,
        new NetloopNames(0, "xenbr0", "eth9", 1),
        "xenbr0 was made for eth0, and there is no peth9; use netdev=eth0");
    stopRefused(
        kernel,
        new NetloopNames(0, "zz", "eth0", 1),
        "peth0 is a port of xenbr0, not of zz; use bridge=xenbr0");
    assertThat(KernelState.of(kernel)).isEqualTo(before);
  }

  private static void stopRefused(FakeKernel kernel, NetloopNames names, String message) {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> names.stop(new Host(kernel), true))
        .withMessage(message);
  }

  @Test
  void putsRightWhatSomebodyTookApart() {
    FakeKernel kernel = started();
    kernel.change("peth0", LinkChange.builder().master("").up(false).build());
    assertThat(start(kernel).lines())
        .containsExactly(
            "ip link set dev peth0 master xenbr0                           # a port of the bridge",
            "ip link set dev peth0 up                                      "
                + "# ports carry frames when they are up");
  }

  @Test
  void domainsThatAreAttachedAreReleasedByStop() {
    FakeKernel kernel = started();
    kernel.create(LinkSpec.of("vif7.0", new VethKind("guest")));
    kernel.change("vif7.0", LinkChange.builder().master("xenbr0").build());
    FaultAtEveryStep.apply(stop(kernel), kernel);
    assertThat(link(kernel, "vif7.0").master()).isZero();
  }

  @Test
  void refusesWhatCannotWork() {
    FakeKernel kernel = host();
    refused(kernel, new NetloopNames(0, "xenbr0", "eth7", 1), "there is no device eth7; name");
    refused(
        kernel,
        new NetloopNames(0, "xenbr0", "lo", 1),
        "lo leads to dom0 itself, not outside; name a NIC with netdev=, or a bond, bridge or VLAN"
            + " of NICs");
    kernel.create(LinkSpec.of("veth1", new VethKind("some")));
    refused(kernel, new NetloopNames(1, "xenbr1", "eth0", 1), "of the pair veth1 and vif0.1 only");
    refused(kernel, new NetloopNames(0, "veth1", "eth0", 1), "veth1 is there, and is not a bridge");
    kernel.create(LinkSpec.of("veth2", new VethKind("vif0.2")));
    kernel.add(Address.of("veth2", IpPrefix.parse("203.0.113.1/24")));
    refused(kernel, new NetloopNames(2, "xenbr2", "eth0", 1), "veth2 and vif0.2 are in use");
    kernel.plug("peth0", NIC);
    refused(kernel, NAMES, "peth0 is there, but eth0 is not the other end of vif0.0; if peth0 is");
  }

  @Test
  void takesNoNicFromAnotherBridge() {
    NetloopNames second = new NetloopNames(0, "br2", "eth0", 1);
    refused(started(), second, "peth0 is a port of xenbr0 already, not of br2; stop that bridge");
  }

  @Test
  void refusesNamesThatNoDeviceCanHave() {
    for (String bad :
        new String[] {"", "a b", "a/b", "a:b", "..", "a\u001bb", "sixteencharacter"}) {
      String shown = bad.replace('\u001b', '?');
      refused(host(), new NetloopNames(0, bad, "eth0", 1), "bridge=" + shown + " cannot be");
    }
  }

  private static void refused(FakeKernel kernel, NetloopNames names, String message) {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> NetloopStart.plan(names, new Host(kernel), true))
        .withMessageStartingWith(message);
  }

  @Test
  void shortensWhatDoesNotFit() {
    NetloopNames long15 = new NetloopNames(0, "xenbr0", "enx001122334455", 1);
    assertThat(long15.physical()).isEqualTo("pnx001122334455").hasSize(15);
    assertThat(long15.remark()).isPresent();
    assertThat(NAMES.remark()).isEmpty();
  }
}
