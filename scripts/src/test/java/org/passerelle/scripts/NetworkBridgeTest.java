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
import org.passerelle.bridge.BridgedNic;
import org.passerelle.bridge.KeepNames;
import org.passerelle.bridge.NetloopNames;
import org.passerelle.bridge.RenameNames;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Kernel;
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
    KernelState before = KernelState.of(kernel);
    assertThat(script.run("start", "antispoof=yes")).isEqualTo(1);
    assertThat(script.err()).singleElement().asString().contains("antispoof=yes cannot be had yet");
    assertThat(KernelState.of(kernel)).isEqualTo(before);
    assertThat(script.run("start", "antispoof=no")).isZero();
  }

  @Test
  void warnsOfKeysThatMeanNothing() {
    assertThat(script.run("start", "brigde=xenbr7")).isZero();
    assertThat(script.err()).containsExactly("script: these keys mean nothing here: [brigde]");
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
    return BridgedNics.of(ScriptArguments.parse(List.of(arguments)), new Host(kernel));
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
