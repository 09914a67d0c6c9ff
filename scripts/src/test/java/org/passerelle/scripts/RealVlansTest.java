package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.testing.AddressDetection;
import org.passerelle.link.testing.Extent;
import org.passerelle.link.testing.IpCommand;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.testing.KilledKernel;
import org.passerelle.link.testing.LinkWatch;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.Scratch;
import org.passerelle.link.testing.TestNamespaces;

/**
 * The VLAN scripts on a real kernel with VLANs: dom0 between a host outside, which has VLANs 100
 * and 200, and guests, who know of none.
 */
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.BRIDGE,
  Capability.IPROUTE2,
  Capability.VLAN_8021Q,
  Capability.BRIDGE_VLAN_FILTERING
})
class RealVlansTest {
  private static final String VLANS = "vlans=100,200";

  /** Odd, so that kills before and after a step take turns all the same. */
  private static final int STRIDE = 9;

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();

  @TempDir(factory = Scratch.class)
  Path runDirectory;

  private Namespace dom0;
  private Namespace outside;
  private NetlinkKernel kernel;

  @BeforeEach
  void host() {
    dom0 = namespaces.create();
    outside = namespaces.create();
    namespaces.wire(dom0, "eth0", outside, "w0");
    namespaces.address(dom0, "eth0", "192.0.2.10/24");
    new IpCommand(dom0)
        .batch(List.of("address add 2001:db8::10/64 dev eth0", "route add default via 192.0.2.1"));
    List<String> vlans = new ArrayList<>();
    vlans.addAll(vlan("w0", 100, "10.0.0.100/24"));
    vlans.addAll(vlan("w0", 200, "10.2.0.200/24"));
    vlans.addAll(vlan("w0.100", 200, "10.1.0.1/24"));
    new IpCommand(outside).batch(vlans);
    kernel = dom0.kernel();
    AddressDetection.await(kernel);
  }

  /** What ip(8) is to be told for it. */
  private static List<String> vlan(String on, int id, String address) {
    String device = on + "." + id;
    return List.of(
        "link add link " + on + " name " + device + " type vlan id " + id,
        "link set " + device + " up",
        "address add " + address + " dev " + device);
  }

  @AfterEach
  void end() {
    kernel.close();
  }

  private int run(Kernel on, String... arguments) {
    return dom0.call(() -> new ScriptRun(new NetworkMultiVlan(), on, runDirectory).run(arguments));
  }

  /** What the command would do now. */
  private List<String> planned(String... arguments) {
    ScriptRun script = new ScriptRun(new NetworkMultiVlan(), kernel, runDirectory);
    List<String> words = new ArrayList<>(List.of(arguments));
    words.add("--dry-run");
    assertThat(dom0.<Integer>call(() -> script.run(words.toArray(new String[0])))).isZero();
    return script.out();
  }

  /** A guest whose device is a port of the bridge. */
  private Namespace guest(String vif, String bridge, String address) {
    Namespace guest = namespaces.create();
    namespaces.wire(dom0, vif, guest, "eth0");
    new IpCommand(dom0).run("link set " + vif + " master " + bridge);
    namespaces.address(guest, "eth0", address);
    return guest;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "untagged=xenbr0", "untagged=xenbr0 generation=keep"})
  void stopLeavesWhatWasBeforeStart(String words) {
    KernelState before = KernelState.of(kernel);
    String[] start = ("start " + VLANS + " " + words).strip().split(" ");
    assertThat(run(kernel, start)).isZero();
    assertThat(planned(start)).containsExactly("nothing to do");
    assertThat(run(kernel, ("stop " + words).strip().split(" "))).isZero();
    LinkWatch.await(kernel);
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "untagged=xenbr0"})
  void vlansAreNetworksOfTheirOwn(String words) {
    assertThat(run(kernel, ("start " + VLANS + " " + words).strip().split(" "))).isZero();
    Namespace one = guest("vif1.0", "vlanbr100", "10.0.0.1/24");
    Namespace two = guest("vif2.0", "vlanbr200", "10.2.0.2/24");
    assertThat(RouterHosts.hears(one, "10.0.0.100")).isTrue();
    assertThat(RouterHosts.hears(two, "10.2.0.200")).isTrue();
    namespaces.address(one, "eth0", "10.2.0.1/24");
    assertThat(RouterHosts.hearsStill(one, "10.2.0.200")).isFalse();
    assertThat(RouterHosts.hearsStill(one, "10.2.0.2")).isFalse();
    assertThat(RouterHosts.hearsStill(two, "10.2.0.1")).isFalse();
  }

  /** On a plain bridge, which somebody else made, VLAN 200 within VLAN 100 reaches the outside. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTagOfTheGuestsOwnPassesPlainBridgesOnly(boolean plain) {
    if (plain) {
      new IpCommand(dom0).run("link add vlanbr100 type bridge forward_delay 0");
    }
    assertThat(run(kernel, "start", VLANS)).isZero();
    Namespace guest = guest("vif1.0", "vlanbr100", "10.0.0.1/24");
    new IpCommand(guest).batch(vlan("eth0", 200, "10.1.0.2/24"));
    assertThat(RouterHosts.hears(guest, "10.0.0.100")).isTrue();
    assertThat(RouterHosts.hears(guest, "10.1.0.1")).isEqualTo(plain);
  }

  @Test
  void aKillBeforeOrAfterAnyStepIsUndone() {
    KernelState before = KernelState.of(kernel);
    int steps = 9 * 2;
    for (int step = 0; step < steps; step += Extent.stride(1, STRIDE)) {
      killedAt(step);
      List<String> report = recovered();
      LinkWatch.await(kernel);
      assertThat(before.differencesFrom(KernelState.of(kernel)))
          .as("%d: %s", step, report)
          .isEmpty();
    }
  }

  private void killedAt(int step) {
    try {
      run(new KilledKernel(kernel, step, step % 2 == 0), "start", VLANS);
      throw new AssertionError("not killed at " + step);
    } catch (KilledKernel.Killed killed) {
      assertThat(killed).hasNoCause();
    }
  }

  private List<String> recovered() {
    ScriptRun recover = new ScriptRun(new Recover(), kernel, runDirectory);
    assertThat(dom0.<Integer>call(() -> recover.run())).isZero();
    return recover.err();
  }
}
