package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.traffic.Talk.pings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.rtnl.AddressFlags;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.testing.KernelState;

/** The trunk process comes, goes, is killed and is asked for more. */
class TrunkLifeTest extends TrunkTest {
  private static final String USERSPACE = "switching=userspace";
  private static final String TAP = "eth0.100";

  private void start(String vlans) {
    hosts.run("start", "vlans=" + vlans, USERSPACE);
  }

  private Namespace guest() {
    return hosts.guest("vif1.0", "vlanbr100", "10.0.100.2/24");
  }

  private long pid() {
    return hosts.process().orElseThrow().pid();
  }

  /** Once IPv6 has looked for duplicates of its addresses, which takes a second or two. */
  private KernelState state() {
    try (NetlinkKernel kernel = hosts.kernel()) {
      Patience.until(
          all -> all.stream().noneMatch(one -> (one.flags() & AddressFlags.TENTATIVE) != 0),
          kernel::addresses);
      return KernelState.of(kernel);
    }
  }

  private String status() {
    hosts.run("status", "vlans=100,200");
    return hosts.dom0().said();
  }

  @Test
  void stopLeavesWhatWasBeforeStart() {
    KernelState before = state();
    start("100,200");
    ProcessHandle keeper = hosts.keeper();
    hosts.run("stop");
    assertThat(before.differencesFrom(state())).isEmpty();
    assertThat(hosts.process()).isEmpty();
    assertThat(hosts.words()).isEmpty();
    assertThat(filters()).isEmpty();
    assertThat(Patience.until(alive -> !alive, keeper::isAlive)).isFalse();
  }

  /** What tc says of the NIC. */
  private String filters() {
    return hosts.dom0().command("tc", "filter", "show", "dev", "eth0", "ingress")
        + hosts.dom0().command("tc", "qdisc", "show", "dev", "eth0", "clsact");
  }

  /** Somebody's own filter stays, and so does its place. */
  @Test
  void filtersOfOthersStay() {
    hosts.dom0().command("tc", "qdisc", "add", "dev", "eth0", "clsact");
    String add = "tc filter add dev eth0 ingress pref 7 bpf da bytecode";
    hosts
        .dom0()
        .command(
            Stream.concat(Stream.of(add.split(" ")), Stream.of("1,6 0 0 0"))
                .toArray(String[]::new));
    String before = filters();
    start("100");
    assertThat(filters()).contains("pref 20567");
    hosts.run("stop");
    assertThat(filters()).isEqualTo(before);
  }

  @Test
  void theDeviceIsAsTheKernelsOwn() {
    hosts.dom0().ip("link", "set", "dev", "eth0", "mtu", "1400");
    start("100");
    Link device = hosts.link(TAP).orElseThrow();
    assertThat(device.mtu()).isEqualTo(1400);
    hosts.dom0().ip("link", "set", "dev", "eth0", "mtu", "1300");
    assertThat(Patience.until(mtu -> mtu == 1300, () -> hosts.link(TAP).orElseThrow().mtu()))
        .isEqualTo(1300);
    hosts.dom0().ip("link", "set", "dev", "eth0", "down");
    assertThat(Patience.until(running -> !running, () -> hosts.isRunning(TAP))).isFalse();
    hosts.dom0().ip("link", "set", "dev", "eth0", "up");
    assertThat(Patience.until(running -> running, () -> hosts.isRunning(TAP))).isTrue();
  }

  @Test
  void itOutlivesTheScriptInASessionOfItsOwn() {
    start("100");
    ProcessHandle keeper = hosts.keeper();
    String[] words =
        hosts.dom0().command("ps", "-o", "sid=,tty=", "-p", "" + pid()).strip().split("\\s+");
    assertThat(words).containsExactly("" + keeper.pid(), "?");
  }

  @Test
  void aSecondStartFindsAllDone() {
    start("100,200");
    long process = pid();
    KernelState started = state();
    start("100,200");
    assertThat(started.differencesFrom(state())).isEmpty();
    assertThat(pid()).isEqualTo(process);
    hosts.run("start", "vlans=100,200", USERSPACE, "--dry-run");
    assertThat(hosts.dom0().said()).doesNotContain("#");
  }

  /** The one VLAN's tap, its place in the bridge and its process are the same before and after. */
  @Test
  void vlansComeAndGoBesideOthers() {
    start("100");
    Namespace guest = guest();
    assertThat(pings(guest, "10.0.100.1")).isTrue();
    Optional<Link> tap = hosts.link(TAP);
    long process = pid();
    try (CountedPings pings = new CountedPings(guest, "10.0.100.1")) {
      start("200,300-310");
      Namespace other = hosts.guest("vif2.0", "vlanbr200", "10.0.200.2/24");
      assertThat(pings(other, "10.0.200.1")).isTrue();
      hosts.run("stop", "vlans=200,300-310");
      assertThat(pings.lost()).isZero();
    }
    assertThat(hosts.link(TAP)).isEqualTo(tap);
    assertThat(pid()).isEqualTo(process);
    assertThat(hosts.link("eth0.200")).isEmpty();
  }

  @Test
  void killedItIsStartedAgain() {
    start("100");
    Namespace guest = guest();
    assertThat(pings(guest, "10.0.100.1")).isTrue();
    ProcessHandle process = hosts.process().orElseThrow();
    TrunkHosts.kill(process);
    assertThat(Patience.until(Optional::isPresent, () -> hosts.process())).isNotEqualTo(process);
    assertThat(Patience.until(running -> running, () -> hosts.isRunning(TAP))).isTrue();
    assertThat(Patience.until(answered -> answered, () -> pings(guest, "10.0.100.1"))).isTrue();
  }

  @Test
  void killedWithItsKeeperItIsMissedByStatusAndStartedByStart() {
    start("100,200");
    Namespace guest = guest();
    assertThat(status()).contains("in user space: process " + pid());
    hosts.killAll(TAP);
    assertThat(status())
        .contains("eth0.100: up, no carrier", "VLAN 100 of eth0, in user space, port of vlanbr100")
        .contains("nobody serves them");
    start("100");
    assertThat(hosts.isRunning("eth0.200")).isTrue();
    assertThat(Patience.until(answered -> answered, () -> pings(guest, "10.0.100.1"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"100, true", "'100,200', false"})
  void killedWithItsKeeperItIsStartedForWhatAStopLeaves(String vlans, boolean left) {
    start("100,200");
    hosts.killAll(TAP);
    hosts.run("stop", "vlans=" + vlans);
    assertThat(hosts.process().isPresent()).isEqualTo(left);
    assertThat(hosts.isRunning("eth0.200")).isEqualTo(left);
    assertThat(hosts.link(TAP)).isEmpty();
    assertThat(filters().isEmpty()).isNotEqualTo(left);
  }

  @Test
  void itEndsWithItsNic() {
    start("100,200");
    ProcessHandle keeper = hosts.keeper();
    hosts.dom0().ip("link", "delete", "dev", "eth0");
    assertThat(Patience.until(alive -> !alive, keeper::isAlive)).isFalse();
    assertThat(hosts.process()).isEmpty();
    assertThat(hosts.words()).contains("the NIC is gone, and its VLANs go with it");
    assertThat(hosts.link(TAP)).isEmpty();
    assertThat(hosts.link("eth0.200")).isEmpty();
    hosts.run("stop");
    assertThat(hosts.link("vlanbr100")).isEmpty();
  }

  /** The NIC went while nobody looked. */
  @Test
  void startedWithoutANicItTakesTheTapsAway() {
    start("100");
    hosts.killAll(TAP);
    hosts.dom0().ip("link", "delete", "dev", "eth0");
    Process process = trunk("eth0");
    assertThat(Patience.end(process)).isZero();
    assertThat(hosts.link(TAP)).isEmpty();
  }

  private Process trunk(String... words) {
    return hosts.trunk(List.of(words));
  }

  @Test
  void toldToStopItLeavesTheTaps() {
    start("100");
    ProcessHandle keeper = hosts.keeper();
    keeper.destroy();
    assertThat(Patience.until(alive -> !alive, keeper::isAlive)).isFalse();
    assertThat(hosts.process()).isEmpty();
    assertThat(hosts.words()).contains("it was told to stop");
    assertThat(hosts.link(TAP).orElseThrow().isRunning()).isFalse();
    start("100");
    assertThat(hosts.isRunning(TAP)).isTrue();
  }

  @Test
  void whatOneLeftThatWasToldToStopGoesWithTheVlans() {
    start("100");
    assertThat(filters()).contains("pref 20567");
    ProcessHandle keeper = hosts.keeper();
    keeper.destroy();
    assertThat(Patience.until(alive -> !alive, keeper::isAlive)).isFalse();
    hosts.run("stop", "vlans=100");
    assertThat(filters()).isEmpty();
  }

  @Test
  void ofTwoOneServes() {
    start("100");
    long process = pid();
    assertThat(Patience.end(trunk("eth0"))).isEqualTo(4);
    assertThat(hosts.dom0().said()).contains("another one serves eth0");
    assertThat(pid()).isEqualTo(process);
    assertThat(hosts.isRunning(TAP)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "vlans=0, there is no VLAN 0",
    "vlans=4095, there is no VLAN 4095",
    "vlans=10x, \"10x\" is no VLAN and no range",
    "'vlans=100,90-110', VLAN 100 is there twice",
    "vlans=100 netdev=eth9, there is no device eth9",
    "vlans=100 switching=hardware, 'there are auto, kernel and userspace'"
  })
  void whatIsWrongIsSaidBeforeAnythingIsMade(String words, String said) {
    KernelState before = state();
    assertThat(hosts.code(("start " + USERSPACE + " " + words).split(" "))).isEqualTo(1);
    assertThat(hosts.dom0().said()).contains(said);
    assertThat(before.differencesFrom(state())).isEmpty();
    assertThat(hosts.process()).isEmpty();
  }

  /** Another VLAN's bridge, and a device that has the name by chance. */
  @Test
  void whatIsInTheWayIsLeftAlone() {
    start("100");
    Path file = hosts.file("vlans", "200 vlanbr100\n");
    assertThat(hosts.code("start", "vlans=" + file, USERSPACE)).isEqualTo(1);
    assertThat(hosts.dom0().said()).contains("vlanbr100 was made for another VLAN");
    hosts.dom0().ip("tuntap", "add", "dev", "eth0.300", "mode", "tap");
    assertThat(hosts.code("start", "vlans=300", USERSPACE)).isEqualTo(1);
    assertThat(hosts.dom0().said()).contains("eth0.300 is there, and is not VLAN 300 of eth0");
    assertThat(hosts.link("eth0.200")).isEmpty();
  }

  @Test
  void itsUsageIsSaid() {
    assertThat(Patience.end(trunk())).isEqualTo(2);
    assertThat(hosts.dom0().said()).contains("usage: passerelle trunk NIC");
  }

  @Test
  void aNicThatIsNotThereIsNamed() {
    assertThat(Patience.end(trunk("eth7"))).isEqualTo(1);
    assertThat(hosts.dom0().said()).contains("there is no device eth7");
    assertThat(hosts.process()).isEmpty();
  }

  /** The directory of its lock is a file: nothing serves, and nothing stays. */
  @Test
  void aStartThatCannotBeServedIsUndone() {
    KernelState before = state();
    hosts.file("run/trunk", "");
    assertThat(hosts.code("start", "vlans=100", USERSPACE)).isEqualTo(1);
    assertThat(hosts.dom0().said()).contains("everything is as before");
    assertThat(before.differencesFrom(state())).isEmpty();
  }
}
