package org.passerelle.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Ownership;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.testing.FaultAtEveryStep;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** network-bridge start and stop with a NIC that keeps its name. */
class KeepTest extends TakeoverProperties {
  private static final KeepNames NAMES = new KeepNames("xenbr0", "eth0");
  private static final MacAddress NIC = MacAddress.parse("52:54:00:00:00:01");

  KeepTest() {
    super(NAMES, "xenbr0", "eth0");
  }

  private static FakeKernel host() {
    FakeKernel kernel = new FakeKernel();
    kernel.plug("eth0", NIC);
    kernel.change("eth0", LinkChange.builder().up(true).build());
    kernel.settle();
    kernel.add(Address.of("eth0", IpPrefix.parse("192.0.2.10/24")));
    kernel.add(Address.of("eth0", IpPrefix.parse("192.0.2.11/24")).onDevice("eth0", "eth0:1"));
    kernel.settle();
    kernel.add(Route.via(IpPrefix.parse("0.0.0.0/0"), IpPrefix.address("192.0.2.1"), "eth0"));
    return kernel;
  }

  private static Plan start(FakeKernel kernel) {
    return NAMES.start(new Host(kernel), true);
  }

  private static Plan stop(FakeKernel kernel) {
    return NAMES.stop(new Host(kernel), true);
  }

  private static FakeKernel started(FakeKernel kernel) {
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
            "ip link add name xenbr0 address 52:54:00:00:00:01 group 20567"
                + " type bridge stp_state 0 forward_delay 0  # the bridge, with dom0's MAC",
            "ip link set dev xenbr0 alias passerelle:network-bridge-keep:eth0  # mark it as ours",
            "ip link set dev xenbr0 addrgenmode none                       "
                + "# no IPv6 link-local address of its own",
            "ip link set dev xenbr0 up                                     "
                + "# the bridge forwards when it is up",
            "ip address add 192.0.2.10/24 dev xenbr0                       "
                + "# the address is to be here",
            "ip address add 192.0.2.11/24 dev xenbr0 label xenbr0:1        "
                + "# the address is to be here",
            "ip address add fe80::5054:ff:fe00:1/64 dev xenbr0 scope link nodad  "
                + "# the address is to be here",
            "ip link set dev eth0 addrgenmode none                         "
                + "# no IPv6 link-local address of its own",
            "ip link set dev eth0 master xenbr0                            "
                + "# the NIC becomes a port",
            "ip route replace default via 192.0.2.1 dev xenbr0             # the route moves",
            "ip address del fe80::5054:ff:fe00:1/64 dev eth0               "
                + "# the address has moved",
            "ip address del 192.0.2.11/24 dev eth0                         "
                + "# the address has moved",
            "ip address del 192.0.2.10/24 dev eth0                         "
                + "# the address has moved",
            "ip address change fe80::5054:ff:fe00:1/64 dev xenbr0 scope link  "
                + "# its address was valid before, which needed no detection; the flag goes again",
            "ip link set dev xenbr0 addrgenmode eui64                      "
                + "# link-local addresses are made as before");
  }

  @Test
  void theBridgeHasTheNicsMacAndOurMark() {
    FakeKernel kernel = started(host());
    assertThat(link(kernel, "xenbr0").mac()).isEqualTo(NIC);
    assertThat(link(kernel, "eth0").mac()).isEqualTo(NIC);
    assertThat(link(kernel, "eth0").master()).isEqualTo(link(kernel, "xenbr0").index());
    assertThat(kernel.links().stream().filter(Ownership::isOurs).map(Link::name))
        .containsExactly("xenbr0");
    assertThat(NicMark.KEEP.nicOf(link(kernel, "xenbr0"))).contains("eth0");
  }

  @Test
  void domainsThatAreAttachedAreReleasedByStop() {
    FakeKernel kernel = started(host());
    kernel.create(LinkSpec.of("vif7.0", new VethKind("guest")));
    kernel.change("vif7.0", LinkChange.builder().master("xenbr0").build());
    FaultAtEveryStep.apply(stop(kernel), kernel);
    assertThat(link(kernel, "vif7.0").master()).isZero();
    assertThat(kernel.link("xenbr0")).isEmpty();
  }

  /** As a manager of networks does that has them made again, once it is started anew. */
  @Test
  void aLinkLocalAddressThatBothHaveIsNoHindrance() {
    FakeKernel kernel = started(host());
    Address linkLocal = Address.of("eth0", IpPrefix.parse("fe80::5054:ff:fe00:1/64"));
    kernel.add(linkLocal);
    FaultAtEveryStep.apply(stop(kernel), kernel);
    assertThat(kernel.link("xenbr0")).isEmpty();
    assertThat(new Host(kernel).addresses("eth0")).filteredOn(linkLocal::isSame).hasSize(1);
    assertThat(new Host(kernel).addresses("eth0")).hasSize(3);
  }

  /** One that a distribution made at boot is as good, and stays as it is. */
  @Test
  void leavesABridgeAloneThatItDidNotMake() {
    FakeKernel kernel = host();
    kernel.create(LinkSpec.of("xenbr0", BridgeKind.XEN));
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> start(kernel))
        .withMessageStartingWith("xenbr0 is there, and was made by somebody else");
    kernel.change("eth0", LinkChange.builder().master("xenbr0").build());
    kernel.change("xenbr0", LinkChange.builder().up(true).build());
    assertThat(start(kernel).steps()).isEmpty();
    assertThat(stop(kernel).steps()).isEmpty();
  }

  /** It would take dom0's bridge from it, or give it a second NIC. */
  @Test
  void touchesNothingOfAnotherNic() {
    FakeKernel kernel = started(host());
    kernel.plug("eth1", MacAddress.parse("52:54:00:00:00:02"));
    KernelState before = KernelState.of(kernel);
    for (String other : List.of("eth1", "eth9")) {
      KeepNames names = new KeepNames("xenbr0", other);
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> names.stop(new Host(kernel), true))
          .withMessage("xenbr0 was made for eth0, not for " + other + "; use netdev=eth0");
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> names.start(new Host(kernel), true));
    }
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
  }

  @Test
  void aNicThatSomebodyTookOutGetsTheAddressesAllTheSame() {
    FakeKernel kernel = started(host());
    kernel.change("eth0", LinkChange.builder().master("").build());
    FaultAtEveryStep.apply(stop(kernel), kernel);
    assertThat(kernel.link("xenbr0")).isEmpty();
    assertThat(new Host(kernel).addresses("eth0")).hasSize(3);
    FakeKernel elsewhere = started(host());
    elsewhere.create(LinkSpec.of("other", BridgeKind.XEN));
    elsewhere.change("eth0", LinkChange.builder().master("other").build());
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> stop(elsewhere))
        .withMessage("eth0 is a port of other already; release it first");
  }

  @Test
  void refusesWhatCannotWork() {
    FakeKernel kernel = host();
    for (String bridge : List.of("a/b", "eth0")) {
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> new KeepNames(bridge, "eth0").start(new Host(kernel), true));
    }
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> new KeepNames("xenbr0", "eth7").start(new Host(kernel), true))
        .withMessageStartingWith("there is no device eth7");
  }
}
