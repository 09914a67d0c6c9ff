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
import org.passerelle.link.testing.FaultAtEveryStep;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** network-bridge start and stop in the manner of Xen 3.2 to 4.4. */
class RenameTest extends TakeoverProperties {
  private static final RenameNames NAMES = new RenameNames("eth0", "eth0");
  private static final MacAddress NIC = MacAddress.parse("52:54:00:00:00:01");

  RenameTest() {
    super(NAMES, "eth0", "peth0");
  }

  private static FakeKernel host(boolean live, String address) {
    FakeKernel kernel = new FakeKernel(live);
    kernel.plug("eth0", NIC);
    kernel.change("eth0", LinkChange.builder().up(true).build());
    kernel.settle();
    kernel.add(Address.of("eth0", IpPrefix.parse(address)));
    kernel.add(Route.via(IpPrefix.parse("0.0.0.0/0"), IpPrefix.address("192.0.2.1"), "eth0"));
    return kernel;
  }

  private static FakeKernel host(boolean live) {
    return host(live, "192.0.2.10/24");
  }

  private static Plan start(FakeKernel kernel, boolean live) {
    return NAMES.start(new Host(kernel), live);
  }

  private static FakeKernel started() {
    FakeKernel kernel = host(true);
    FaultAtEveryStep.apply(start(kernel, true), kernel);
    return kernel;
  }

  private static Link link(FakeKernel kernel, String name) {
    return kernel.link(name).orElseThrow();
  }

  /** The commands alone: reasons are the other generations' too. */
  private static List<String> commands(Plan plan) {
    return plan.steps().stream().map(step -> step.operation().command()).toList();
  }

  @Test
  void whereLinksAreRenamedWhileUpTheBridgeComesAfterTheNic() {
    assertThat(commands(start(host(true), true)))
        .containsExactly(
            "ip link set dev eth0 name peth0",
            "ip link add name eth0 address 52:54:00:00:00:01 group 20567"
                + " type bridge stp_state 0 forward_delay 0",
            "ip link set dev eth0 alias passerelle:network-bridge-rename:eth0",
            "ip link set dev eth0 addrgenmode none",
            "ip link set dev eth0 up",
            "ip address add 192.0.2.10/24 dev eth0",
            "ip address add fe80::5054:ff:fe00:1/64 dev eth0 scope link nodad",
            "ip link set dev peth0 addrgenmode none",
            "ip link set dev peth0 master eth0",
            "ip route replace default via 192.0.2.1 dev eth0",
            "ip address del fe80::5054:ff:fe00:1/64 dev peth0",
            "ip address del 192.0.2.10/24 dev peth0",
            "ip address change fe80::5054:ff:fe00:1/64 dev eth0 scope link",
            "ip link set dev eth0 addrgenmode eui64");
  }

  @Test
  void elsewhereAPairHasTheAddressesWhileNicAndBridgeAreDown() {
    List<String> commands = commands(start(host(false), false));
    int moved = commands.indexOf("ip address del 192.0.2.10/24 dev eth0");
    assertThat(commands.subList(moved + 1, commands.size()))
        .startsWith(
            "ip link set dev eth0 down",
            "ip link set dev eth0 name peth0",
            "ip link set dev peth0 up",
            "ip link set dev peth0 up",
            "ip link set dev tmpbridge down",
            "ip link set dev tmpbridge name eth0",
            "ip link set dev eth0 up",
            "ip link set dev eth0 up",
            "ip address add 192.0.2.10/24 dev eth0")
        .endsWith("ip link delete dev veth1");
  }

  @Test
  void theBridgeHasTheNicsNameAndMacAndOurMark() {
    FakeKernel kernel = started();
    assertThat(link(kernel, "eth0").kind()).isEqualTo(BridgeKind.NAME);
    assertThat(link(kernel, "eth0").mac()).isEqualTo(NIC);
    assertThat(link(kernel, "peth0").mac()).isEqualTo(NIC);
    assertThat(kernel.links().stream().filter(Ownership::isOurs).map(Link::name))
        .containsExactly("eth0");
    assertThat(NicMark.RENAME.nicOf(link(kernel, "eth0"))).contains("eth0");
    assertThat(NicMark.KEEP.nicOf(link(kernel, "eth0"))).isEmpty();
  }

  @Test
  void aBridgeOfAnotherNameNeedsNoOtherMeanwhile() {
    RenameNames names = new RenameNames("xenbr0", "eth0");
    for (boolean live : new boolean[] {true, false}) {
      FakeKernel kernel = host(live);
      KernelState before = KernelState.of(kernel);
      FaultAtEveryStep.apply(names.start(new Host(kernel), live), kernel);
      assertThat(kernel.link("eth0")).isEmpty();
      assertThat(new Host(kernel).addresses("xenbr0")).hasSize(2);
      assertThat(names.start(new Host(kernel), live).steps()).isEmpty();
      FaultAtEveryStep.apply(names.stop(new Host(kernel), live), kernel);
      assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
    }
  }

  /** The address by which the bridge listens must be another one for the kernel. */
  @Test
  void anAddressWithoutANetworkMovesToo() {
    FakeKernel kernel = new FakeKernel(false);
    kernel.plug("eth0", NIC);
    kernel.change("eth0", LinkChange.builder().up(true).build());
    kernel.settle();
    kernel.add(Address.of("eth0", IpPrefix.parse("192.0.2.10/32")));
    KernelState before = KernelState.of(kernel);
    Plan start = start(kernel, false);
    assertThat(commands(start))
        .contains("ip address add 192.0.2.10/31 dev tmpbridge noprefixroute");
    FaultAtEveryStep.apply(start, kernel);
    assertThat(new Host(kernel).addresses("eth0")).hasSize(2);
    FaultAtEveryStep.apply(NAMES.stop(new Host(kernel), false), kernel);
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
  }

  @Test
  void putsRightWhatSomebodyTookApart() {
    FakeKernel kernel = started();
    kernel.change("peth0", LinkChange.builder().master("").build());
    assertThat(commands(start(kernel, true))).containsExactly("ip link set dev peth0 master eth0");
    FaultAtEveryStep.apply(NAMES.stop(new Host(kernel), true), kernel);
    assertThat(new Host(kernel).addresses("eth0")).hasSize(2);
    assertThat(kernel.link("peth0")).isEmpty();
  }

  @Test
  void leavesABridgeAloneThatItDidNotMake() {
    FakeKernel kernel = new FakeKernel();
    kernel.create(LinkSpec.of("eth0", BridgeKind.XEN));
    kernel.plug("peth0", NIC);
    kernel.change("peth0", LinkChange.builder().master("eth0").build());
    assertThat(NAMES.stop(new Host(kernel), true).steps()).isEmpty();
    refused(
        kernel,
        NAMES,
        "peth0 is there, but we did not make the bridge eth0 for it; if peth0 is the NIC, give it"
            + " its name back: ip link set dev peth0 name eth0");
  }

  @Test
  void touchesNothingOfAnotherNic() {
    FakeKernel kernel = started();
    kernel.plug("eth1", MacAddress.parse("52:54:00:00:00:02"));
    RenameNames other = new RenameNames("eth0", "eth1");
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> other.stop(new Host(kernel), true))
        .withMessage("eth0 was made for eth0, not for eth1; use netdev=eth0");
    refused(kernel, other, "eth0 was made for eth0, not for eth1; use netdev=eth0");
  }

  @Test
  void refusesWhatCannotWork() {
    FakeKernel kernel = host(false);
    refused(kernel, new RenameNames("eth7", "eth7"), "there is no device eth7");
    refused(kernel, new RenameNames("a/b", "eth0"), "bridge=a/b cannot be a device's name");
    kernel.create(LinkSpec.of("tmpbridge", BridgeKind.XEN));
    refused(
        kernel, NAMES, "the bridge, for a moment, cannot be called tmpbridge: that name is taken");
    refused(
        kernel,
        new RenameNames("tmpbridge", "eth0"),
        "tmpbridge is there, and was made by somebody else");
    kernel.change("eth0", LinkChange.builder().master("tmpbridge").build());
    refused(kernel, NAMES, "eth0 is a port of tmpbridge already; release it first");
    kernel.plug("peth0", NIC);
    refused(kernel, NAMES, "peth0 is there, but we did not make the bridge eth0 for it");
  }

  private static void refused(FakeKernel kernel, RenameNames names, String message) {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> names.start(new Host(kernel), false))
        .withMessageStartingWith(message);
  }

  @Test
  void stopRefusesNamesThatAreTaken() {
    FakeKernel kernel = host(true);
    RenameNames names = new RenameNames("xenbr0", "eth0");
    FaultAtEveryStep.apply(names.start(new Host(kernel), true), kernel);
    kernel.plug("eth0", MacAddress.parse("52:54:00:00:00:02"));
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> names.stop(new Host(kernel), true))
        .withMessage("peth0 cannot be called eth0: that name is taken");
  }

  @Test
  void saysThatALongNameIsShortened() {
    RenameNames long15 = new RenameNames("enx001122334455", "enx001122334455");
    assertThat(long15.devices()).containsExactly("enx001122334455", "pnx001122334455");
    assertThat(long15.remark())
        .contains("enx001122334455 is called pnx001122334455 as a port: 15 letters is all");
  }
}
