package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.bridge.BridgedNic;
import org.passerelle.bridge.KeepNames;
import org.passerelle.bridge.NetloopNames;
import org.passerelle.bridge.RenameNames;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Guard;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelDecorator;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.testing.KilledKernel;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** network-bridge as a command, on the kernel in memory. */
class NetworkBridgeTest {
  @TempDir Path runDirectory;
  private FakeKernel kernel;
  private ScriptRun script;

  @BeforeEach
  void host() {
    kernel = new FakeKernel();
    nic("eth0", "192.0.2.10/24");
    kernel.add(Route.via(IpPrefix.parse("0.0.0.0/0"), IpPrefix.address("192.0.2.1"), "eth0"));
    script = run(kernel);
  }

  private ScriptRun run(Kernel on) {
    return new ScriptRun(new NetworkBridge(), on, runDirectory);
  }

  private void nic(String device, String address) {
    kernel.plug(device, MacAddress.parse("52:54:00:00:00:01"));
    kernel.change(device, LinkChange.builder().up(true).build());
    kernel.settle();
    kernel.add(Address.of(device, IpPrefix.parse(address)));
  }

  @Test
  void startsAndStops() {
    KernelState before = KernelState.of(kernel);
    assertThat(script.run("start")).isZero();
    assertThat(kernel.link("xenbr0")).isPresent();
    assertThat(kernel.link("peth0")).isPresent();
    KernelState started = KernelState.of(kernel);
    assertThat(script.run("start")).isZero();
    assertThat(KernelState.of(kernel)).isEqualTo(started);
    assertThat(script.run("stop")).isZero();
    assertThat(KernelState.of(kernel)).isEqualTo(before);
    assertThat(script.run("stop")).isZero();
    assertThat(script.out()).isEmpty();
    assertThat(script.err()).isEmpty();
  }

  @Test
  void printsAPlanAndTouchesNothing() {
    KernelState before = KernelState.of(kernel);
    assertThat(script.run("--dry-run", "start")).isZero();
    assertThat(script.out())
        .startsWith(
            "ip link add name xenbr0 group 20567 type bridge stp_state 0 forward_delay 0"
                + "  # the bridge")
        .contains(
            "ip link set dev eth0 name peth0"
                + "                               # the NIC gives its name away, still working");
    assertThat(KernelState.of(kernel)).isEqualTo(before);
    assertThat(runDirectory).isEmptyDirectory();
  }

  @Test
  void saysWhatItDoesNotKnow() {
    assertThat(script.run("restart")).isEqualTo(1);
    assertThat(script.err())
        .containsExactly("Unknown command: restart", "Valid commands are: start, stop, status");
    assertThat(script.run("start", "generation=new")).isEqualTo(1);
    assertThat(script.err())
        .containsExactly("script: generation=new is not known; there are netloop, rename, keep");
    assertThat(script.run("start", "netdev=eth9")).isEqualTo(1);
    assertThat(script.err())
        .containsExactly(
            "script: there is no device eth9; name the one that leads outside with netdev=");
  }

  @Test
  void refusesAProtectionThatItCannotGive() {
    Kernel without =
        new KernelDecorator(kernel) {
          @Override
          public Optional<Guard> guard(String device) {
            throw new KernelException("load libnftables.so.1", 95, "EOPNOTSUPP", "apt-get");
          }
        };
    KernelState before = KernelState.of(kernel);
    ScriptRun poor = new ScriptRun(new NetworkBridge(), without, runDirectory);
    assertThat(poor.run("start", "antispoof=yes")).isEqualTo(1);
    assertThat(poor.err())
        .singleElement()
        .asString()
        .startsWith("script: antispoof=yes cannot be had, and nothing was changed: load lib");
    assertThat(KernelState.of(kernel)).isEqualTo(before);
    assertThat(new HostAntispoof(runDirectory).isWanted()).isFalse();
    assertThat(poor.run("start", "antispoof=no")).isZero();
  }

  /** As long as one of those that were started with it is not stopped, whatever it is called by. */
  @Test
  void antispoofIsTheHostsUntilTheStop() {
    HostAntispoof host = new HostAntispoof(runDirectory);
    assertThat(script.run("start", "antispoof=yes", "--dry-run")).isZero();
    assertThat(host.isWanted()).isFalse();
    assertThat(script.run("start", "antispoof=yes", "generation=new")).isEqualTo(1);
    assertThat(host.isWanted()).isFalse();
    assertThat(script.run("start", "antispoof=maybe")).isEqualTo(1);
    assertThat(script.err()).containsExactly("script: antispoof=maybe: neither yes nor no");
    assertThat(script.run("start", "netdev=eth0", "antispoof=yes")).isZero();
    assertThat(host.isWanted()).isTrue();
    ScriptRun other = new ScriptRun(new NetworkRoute(), kernel, runDirectory);
    assertThat(other.run("start", "netdev=eth0")).isZero();
    assertThat(host.isWanted()).isTrue();
    assertThat(script.run("stop", "bridge=xenbr0")).isZero();
    assertThat(host.isWanted()).isFalse();
    assertThat(script.run("start", "antispoof=yes")).isZero();
    assertThat(script.run("start")).isZero();
    assertThat(host.isWanted()).isFalse();
  }

  @Test
  void warnsOfWordsThatMeanNothing() {
    assertThat(script.run("start", "brigde=xenbr7", "x=", "stop")).isZero();
    String known = "antispoof=, bridge=, generation=, netdev=, pairs=, vifnum=";
    assertThat(script.err())
        .containsExactly(
            "script: brigde=xenbr7 means nothing to network-bridge, which has " + known,
            "script: x= means nothing to network-bridge, which has " + known,
            "script: stop means nothing after start");
    assertThat(script.run("status", "brigde=xenbr7")).isZero();
    assertThat(script.err()).hasSize(1);
  }

  @Test
  void bridgeNullIsNoBridge() {
    KernelState before = KernelState.of(kernel);
    assertThat(script.run("start", "bridge=null")).isZero();
    assertThat(script.run("stop", "bridge=null")).isZero();
    assertThat(KernelState.of(kernel)).isEqualTo(before);
  }

  @Test
  void choosesNamesAsTheOriginal() {
    assertThat(names()).isEqualTo(new NetloopNames(0, "xenbr0", "eth0", 1));
    assertThat(names("vifnum=1")).isEqualTo(new NetloopNames(1, "xenbr1", "eth1", 1));
    assertThat(names("netdev=eth1")).isEqualTo(new NetloopNames(0, "xenbr0", "eth1", 1));
    assertThat(names("bridge=br", "pairs=8")).isEqualTo(new NetloopNames(0, "br", "eth0", 8));
  }

  @Test
  void stopFindsTheNicByItsBridge() {
    nic("enp0s31f6", "198.51.100.2/24");
    KernelState before = KernelState.of(kernel);
    assertThat(script.run("start", "netdev=enp0s31f6")).isZero();
    assertThat(names()).isEqualTo(new NetloopNames(0, "xenbr0", "enp0s31f6", 1));
    assertThat(script.run("stop", "netdev=eth0")).isEqualTo(1);
    assertThat(script.run("stop")).isZero();
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
  }

  /** Then the default route's device is the bridge. */
  @Test
  void aNicThatKeepsItsNameIsFoundAgain() {
    KernelState before = KernelState.of(kernel);
    assertThat(names("generation=keep")).isEqualTo(new KeepNames("xenbr0", "eth0"));
    assertThat(script.run("start", "generation=keep")).isZero();
    assertThat(new Host(kernel).addresses("eth0")).isEmpty();
    assertThat(names()).isEqualTo(new KeepNames("xenbr0", "eth0"));
    assertThat(script.run("start")).isZero();
    KernelState started = KernelState.of(kernel);
    assertThat(script.run("stop", "generation=netloop")).isZero();
    assertThat(KernelState.of(kernel)).isEqualTo(started);
    assertThat(script.run("stop")).isZero();
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
  }

  /** Then eth0, which has the default route, is the bridge, and says so. */
  @Test
  void aNicThatGaveItsNameToTheBridgeIsFoundAgain() {
    KernelState before = KernelState.of(kernel);
    assertThat(names("generation=rename")).isEqualTo(new RenameNames("eth0", "eth0"));
    assertThat(script.run("start", "generation=rename")).isZero();
    assertThat(kernel.link("eth0").orElseThrow().kind()).isEqualTo("bridge");
    assertThat(kernel.link("peth0").orElseThrow().master())
        .isEqualTo(kernel.link("eth0").orElseThrow().index());
    KernelState started = KernelState.of(kernel);
    for (String again : List.of("generation=rename", "netdev=eth0", "bridge=eth0")) {
      assertThat(script.run("start", again)).isZero();
    }
    assertThat(script.run("start", "generation=netloop")).isEqualTo(1);
    assertThat(script.run("stop", "generation=keep")).isZero();
    assertThat(KernelState.of(kernel)).isEqualTo(started);
    assertThat(script.run("status")).isZero();
    assertThat(script.out())
        .contains(
            "eth0: up, 52:54:00:00:00:01, mtu 1500, ports peth0",
            "peth0: up, 52:54:00:00:00:01, mtu 1500, port of eth0");
    assertThat(script.run("stop")).isZero();
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
  }

  @Test
  void aBridgeOfAnyNameIsFoundByTheDefaultRoute() {
    KernelState before = KernelState.of(kernel);
    for (String generation : List.of("generation=rename", "generation=keep")) {
      assertThat(script.run("start", generation, "bridge=br7")).isZero();
      assertThat(kernel.link("br7")).isPresent();
      assertThat(script.run("stop")).isZero();
      assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
    }
  }

  @Test
  void takesTheDefaultRoutesDeviceWhateverItsName() {
    nic("enp130s0f1", "198.51.100.2/24");
    kernel.remove(Route.via(IpPrefix.parse("0.0.0.0/0"), IpPrefix.address("192.0.2.1"), "eth0"));
    kernel.add(
        Route.via(IpPrefix.parse("0.0.0.0/0"), IpPrefix.address("198.51.100.1"), "enp130s0f1"));
    assertThat(names()).isEqualTo(new NetloopNames(1, "xenbr1", "enp130s0f1", 1));
    assertThat(BridgedNics.lastDigits("enx001122334455")).isZero();
    assertThat(BridgedNics.lastDigits("bond0")).isZero();
    assertThat(BridgedNics.lastDigits("lan")).isZero();
  }

  private BridgedNic names(String... arguments) {
    List<BridgedNic> nics = all(arguments);
    assertThat(nics).hasSize(1);
    return nics.getFirst();
  }

  private List<BridgedNic> all(String... arguments) {
    return BridgedNics.of(ScriptArguments.parse(List.of(arguments)), new Host(kernel));
  }

  @Test
  void namesOfSeveralNicsFollowFromEach() {
    nic("eth1", "198.51.100.2/24");
    assertThat(all("netdev=eth0 eth1"))
        .containsExactly(
            new NetloopNames(0, "xenbr0", "eth0", 1), new NetloopNames(1, "xenbr1", "eth1", 1));
    assertThat(all("vifnum=0 1")).isEqualTo(all("netdev=eth0 eth1"));
    assertThat(all("netdev=eth0,eth1", "generation=rename"))
        .containsExactly(new RenameNames("eth0", "eth0"), new RenameNames("eth1", "eth1"));
    assertThat(all("netdev=eth0 eth1", "bridge=lan dmz", "generation=keep"))
        .containsExactly(new KeepNames("lan", "eth0"), new KeepNames("dmz", "eth1"));
    assertThat(all("netdev=eth0 eth1", "bridge=null xenbr1")).hasSize(1);
  }

  @Test
  void namesOfSeveralNicsMustDiffer() {
    assertThat(script.run("start", "netdev=eth0 eth1", "bridge=xenbr0")).isEqualTo(1);
    assertThat(script.err())
        .containsExactly("script: bridge=xenbr0: for 2 NICs, give as many words or none");
    assertThat(script.run("start", "netdev=enp3s0 enp4s0", "bridge=lan dmz")).isEqualTo(1);
    assertThat(script.err())
        .singleElement()
        .asString()
        .matches("script: two of the NICs would need the name (veth0|vif0.0); tell them apart.*");
    assertThat(script.run("start", "netdev=eth0 eth0")).isEqualTo(1);
  }

  /** A route that leads out by both must move twice. */
  @ParameterizedTest
  @ValueSource(strings = {"netloop", "rename", "keep"})
  void severalNicsAreStartedAndStoppedAsOne(String generation) {
    nic("eth1", "198.51.100.2/24");
    kernel.add(byBoth());
    KernelState before = KernelState.of(kernel);
    String[] words = {"generation=" + generation, "netdev=eth0 eth1"};
    assertThat(script.run("start", words[0], words[1])).as("%s", script.err()).isZero();
    KernelState started = KernelState.of(kernel);
    assertThat(ports()).containsExactlyInAnyOrder(expected(generation));
    assertThat(script.run("start", words[0], words[1])).isZero();
    assertThat(KernelState.of(kernel)).isEqualTo(started);
    assertThat(script.run("status", words[0], words[1])).isZero();
    assertThat(script.out())
        .anyMatch(line -> line.contains("eth0: up"))
        .anyMatch(line -> line.contains("eth1: up"));
    assertThat(script.run("stop", words[0], words[1])).as("%s", script.err()).isZero();
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
  }

  private static Route byBoth() {
    return new Route(
        IpPrefix.parse("172.16.0.0/16"),
        "",
        Optional.empty(),
        Optional.empty(),
        Route.TABLE_MAIN,
        Route.PROTOCOL_STATIC,
        Route.SCOPE_UNIVERSE,
        Route.TYPE_UNICAST,
        0,
        0,
        Optional.empty(),
        List.of(hop("eth0", "192.0.2.1"), hop("eth1", "198.51.100.1")),
        List.of());
  }

  private static Route.Hop hop(String device, String gateway) {
    return new Route.Hop(device, Optional.of(IpPrefix.address(gateway)), 1, 0);
  }

  private List<String> ports() {
    Host host = new Host(kernel);
    return host.links().stream()
        .filter(link -> link.master() != 0 && !link.name().startsWith("vif"))
        .map(link -> link.name() + " in " + host.master(link))
        .toList();
  }

  private static String[] expected(String generation) {
    return switch (generation) {
      case "netloop" -> new String[] {"peth0 in xenbr0", "peth1 in xenbr1"};
      case "rename" -> new String[] {"peth0 in eth0", "peth1 in eth1"};
      default -> new String[] {"eth0 in xenbr0", "eth1 in xenbr1"};
    };
  }

  /** At whichever step, of the first or of the second. */
  @Test
  void severalNicsAreStartedWholeOrNotAtAll() {
    nic("eth1", "198.51.100.2/24");
    KernelState before = KernelState.of(kernel);
    script.run("start", "--dry-run", "netdev=eth0 eth1");
    int steps = script.out().size();
    assertThat(steps).isGreaterThan(50);
    for (int step = 0; step < steps; step += 5) {
      kernel.failAfter(step, Refusal.EPERM);
      assertThat(script.run("start", "netdev=eth0 eth1")).isEqualTo(1);
      assertThat(before.differencesFrom(KernelState.of(kernel))).as("step %d", step).isEmpty();
    }
    kernel.failAfter(Integer.MAX_VALUE, Refusal.EPERM);
    assertThat(script.run("start", "netdev=eth0 eth9")).isEqualTo(1);
    assertThat(KernelState.of(kernel)).isEqualTo(before);
    assertThat(kernel.log()).noneMatch(change -> change.contains("eth9"));
  }

  @Test
  void aKilledStartOfSeveralNicsIsUndone() {
    nic("eth1", "198.51.100.2/24");
    KernelState before = KernelState.of(kernel);
    for (int step : new int[] {30, 60}) {
      try {
        run(new KilledKernel(kernel, step, true)).run("start", "netdev=eth0 eth1");
        throw new IllegalStateException("not killed");
      } catch (KilledKernel.Killed killed) {
        assertThat(KernelState.of(kernel)).isNotEqualTo(before);
      }
      assertThat(new ScriptRun(new Recover(), kernel, runDirectory).run()).isZero();
      assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
    }
  }

  @Test
  void twoNicsHaveTwoBridges() {
    nic("eth1", "198.51.100.2/24");
    KernelState before = KernelState.of(kernel);
    assertThat(script.run("start")).isZero();
    assertThat(script.run("start", "vifnum=1")).isZero();
    assertThat(kernel.link("peth1").orElseThrow().master())
        .isEqualTo(kernel.link("xenbr1").orElseThrow().index());
    assertThat(script.run("stop", "vifnum=1")).isZero();
    assertThat(script.run("stop")).isZero();
    assertThat(KernelState.of(kernel)).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({"netloop, eth0", "rename, eth0", "keep, xenbr0"})
  void whoGoesOutByTheNicIsNamed(String generation, String addressed) {
    new ScriptRun(new NetworkNat(), kernel, runDirectory).succeeds("start");
    kernel.plug("vif7.0", MacAddress.VIF);
    kernel.change("vif7.0", LinkChange.builder().up(true).build());
    IpPrefix router = IpPrefix.parse("10.0.7.128");
    kernel.add(Address.of("vif7.0", router));
    kernel.add(
        Route.onLink(IpPrefix.parse("10.0.7.1"), "vif7.0", Optional.of(router.address()), 0));
    String line =
        "script: guests go out by eth0: network-nat stop netdev=eth0 before, and start netdev=%s"
            + " after it: 1 vif, vif7.0 (10.0.7.1)";
    String now =
        "script: guests went out by eth0: now network-nat stop netdev=eth0, then start netdev=%s"
            + ": 1 vif, vif7.0 (10.0.7.1)";
    String word = "generation=" + generation;
    assertThat(script.run("start", word, "--dry-run")).isZero();
    assertThat(script.err()).contains(line.formatted(addressed));
    assertThat(script.run("start", word)).isZero();
    assertThat(script.err()).contains(now.formatted(addressed));
    assertThat(script.run("start", word)).isZero();
    assertThat(script.err()).noneMatch(text -> text.contains("guests"));
    assertThat(script.run("stop", "--dry-run")).isZero();
    assertThat(script.err()).contains(line.formatted("eth0"));
    assertThat(script.run("stop")).isZero();
    assertThat(script.err()).contains(now.formatted("eth0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"netloop", "rename", "keep"})
  void aStopSaysWhoLosesTheNetwork(String generation) {
    script.run("start", "generation=" + generation);
    String bridge = generation.equals("rename") ? "eth0" : "xenbr0";
    kernel.plug("vif7.0", MacAddress.VIF);
    kernel.change("vif7.0", LinkChange.builder().master(bridge).build());
    String vifs = ": 1 vif, vif7.0 (" + bridge + ")";
    assertThat(script.run("stop", "--dry-run")).isZero();
    assertThat(script.err())
        .containsExactly("script: attached, and would be without their bridge's network" + vifs);
    assertThat(script.run("stop")).isZero();
    assertThat(script.err())
        .containsExactly("script: attached, and without their bridge's network from now on" + vifs);
    assertThat(script.run("stop")).isZero();
    assertThat(script.err()).isEmpty();
  }

  @Test
  void tellsTheStatus() {
    script.run("start");
    assertThat(script.run("status")).isZero();
    assertThat(script.out())
        .containsExactly(
            "=".repeat(60),
            "eth0: up, 52:54:00:00:00:01, mtu 1500",
            "    fe80::5054:ff:fe00:1/64 dev eth0 scope link",
            "    192.0.2.10/24 dev eth0",
            "peth0: up, fe:ff:ff:ff:ff:ff, mtu 1500, port of xenbr0",
            "xenbr0: up, fe:ff:ff:ff:ff:ff, mtu 1500, ports peth0 vif0.0",
            "192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.10",
            "fe80::/64 dev eth0 proto kernel metric 256",
            "default via 192.0.2.1 dev eth0",
            "=".repeat(60));
  }

  @Test
  void aFailureIsToldAndUndone() {
    KernelState before = KernelState.of(kernel);
    kernel.failAfter(25, Refusal.EPERM);
    assertThat(script.run("start")).isEqualTo(1);
    assertThat(script.err())
        .singleElement()
        .asString()
        .contains("EPERM (1, Operation not permitted)")
        .endsWith("; everything is as before");
    assertThat(KernelState.of(kernel)).isEqualTo(before);
  }

  @Test
  void aNicThatMustBeDownForItsMacGoesDown() {
    FakeKernel strict = kernel;
    // The last-but-five change of start is the NIC's MAC.
    int mac = macStep();
    strict.failAfter(mac, Refusal.EBUSY);
    assertThat(script.run("start")).isZero();
    assertThat(script.err()).singleElement().asString().endsWith("once more, with the device down");
    assertThat(kernel.link("peth0").orElseThrow().isUp()).isTrue();
    assertThat(kernel.link("peth0").orElseThrow().mac()).isEqualTo(MacAddress.VIF);
    assertThat(new Host(kernel).addresses("eth0")).hasSize(2);
    assertThat(new Host(kernel).routes("eth0")).hasSize(3);
  }

  private int macStep() {
    script.run("start", "--dry-run");
    int step = 0;
    while (!script.out().get(step).startsWith("ip link set dev peth0 address")) {
      step++;
    }
    return step;
  }

  @Test
  void theNextRunUndoesWhatAKilledOneLeft() throws Exception {
    KernelState before = KernelState.of(kernel);
    try {
      run(new KilledKernel(kernel, 30, true)).run("start");
      throw new IllegalStateException("not killed");
    } catch (KilledKernel.Killed killed) {
      assertThat(KernelState.of(kernel)).isNotEqualTo(before);
    }
    ScriptRun next = new ScriptRun(new Recover(), kernel, runDirectory);
    assertThat(next.run()).isZero();
    assertThat(next.err().getFirst())
        .isEqualTo("script: network-bridge start was killed half-way; undoing what it had done");
    assertThat(KernelState.of(kernel)).isEqualTo(before);
    try (var left = Files.list(runDirectory.resolve("journal"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void stopsWhenTold() {
    KernelState before = KernelState.of(kernel);
    ScriptContext context =
        new ScriptContext(
            "script",
            List.of("start"),
            Map.of(),
            kernel,
            () -> null,
            System.out,
            System.err,
            runDirectory,
            (level, message) -> {},
            () -> kernel.link("peth0").isPresent());
    assertThat(new NetworkBridge().run(context)).isEqualTo(1);
    assertThat(KernelState.of(kernel)).isEqualTo(before);
    assertThat(kernel.link("xenbr0")).isEqualTo(Optional.empty());
  }
}
