package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelDecorator;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkKind;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.rtnl.VlanFiltering;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.testing.KilledKernel;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.vlan.VlanKind;

/** network-bridge-vlan and network-multi-vlan as commands, on the kernel in memory. */
class VlanScriptsTest {
  @TempDir Path runDirectory;
  private FakeKernel kernel;
  private ScriptRun single;
  private ScriptRun multi;

  @BeforeEach
  void host() {
    kernel = new FakeKernel();
    kernel.plug("eth0", MacAddress.parse("52:54:00:00:00:01"));
    kernel.change("eth0", LinkChange.builder().up(true).build());
    kernel.settle();
    kernel.add(Address.of("eth0", IpPrefix.parse("192.0.2.10/24")));
    kernel.add(Route.via(IpPrefix.parse("0.0.0.0/0"), IpPrefix.address("192.0.2.1"), "eth0"));
    single = run(new NetworkBridgeVlan(), kernel);
    multi = run(new NetworkMultiVlan(), kernel);
  }

  private ScriptRun run(HotplugScript script, Kernel on) {
    return new ScriptRun(script, on, runDirectory);
  }

  @Test
  void theOriginalsDefaultsHold() {
    KernelState before = KernelState.of(kernel);
    assertThat(single.run("start")).isZero();
    assertThat(kernel.link("vlanbr2")).isPresent();
    assertThat(kernel.link("eth0.2").orElseThrow().master())
        .isEqualTo(kernel.link("vlanbr2").orElseThrow().index());
    KernelState started = KernelState.of(kernel);
    assertThat(single.run("start")).isZero();
    assertThat(KernelState.of(kernel)).isEqualTo(started);
    assertThat(single.err()).isEmpty();
    assertThat(single.run("stop")).isZero();
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
    assertThat(single.run("stop")).isZero();
  }

  /** Each VLAN is started, and stopped, for itself. */
  @Test
  void antispoofIsTheHostsUntilTheVlansStop() {
    HostAntispoof host = new HostAntispoof(runDirectory);
    ScriptRun one = run(new NetworkBridgeVlan(), kernel);
    assertThat(one.run("start", "vlan=100", "antispoof=yes")).isZero();
    assertThat(one.run("start", "vlan=200")).isZero();
    assertThat(one.run("stop", "vlan=200")).isZero();
    assertThat(host.isWanted()).isTrue();
    assertThat(one.run("stop", "vlan=100")).isZero();
    assertThat(host.isWanted()).isFalse();
    ScriptRun many = run(new NetworkMultiVlan(), kernel);
    assertThat(many.run("start", "vlans=7-9", "antispoof=yes")).isZero();
    assertThat(many.run("stop", "vlans=8")).isZero();
    assertThat(host.isWanted()).isTrue();
    assertThat(many.run("stop")).isZero();
    assertThat(host.isWanted()).isFalse();
    assertThat(many.run("start", "bridge=null", "vlans=7", "antispoof=yes")).isEqualTo(1);
    assertThat(host.isWanted()).isFalse();
  }

  /** The original finds vlanbr100 when it looks for vlanbr10, and makes no bridge. */
  @Test
  void namesAreCompared() {
    for (String vlan : new String[] {"100", "10", "1"}) {
      assertThat(single.run("start", "vlan=" + vlan)).isZero();
      assertThat(kernel.link("vlanbr" + vlan)).isPresent();
    }
    assertThat(single.run("stop", "vlan=10")).isZero();
    assertThat(kernel.links())
        .extracting(Link::name)
        .containsExactlyInAnyOrder("lo", "eth0", "eth0.100", "vlanbr100", "eth0.1", "vlanbr1");
  }

  @Test
  void aBridgeHasTheNameThatIsAskedFor() {
    assertThat(single.run("start", "vlan=7", "bridge=dmz")).isZero();
    assertThat(single.run("stop", "vlan=7", "bridge=vlanbr7")).isEqualTo(1);
    assertThat(single.err()).containsExactly("script: the bridge of VLAN 7 is dmz, not vlanbr7");
    assertThat(single.run("stop", "vlan=7")).isZero();
    assertThat(kernel.link("dmz")).isEmpty();
  }

  /** Of a bridge that somebody else made, too, which stays. */
  @Test
  void aStopSaysWhoLosesTheNetwork() {
    kernel.create(LinkSpec.of("dmz", BridgeKind.XEN));
    assertThat(multi.run("start", "vlans=100,200", "untagged=xenbr0")).isZero();
    assertThat(single.run("start", "vlan=7", "bridge=dmz")).isZero();
    plug("vif7.0", "vlanbr100");
    plug("vif8.0", "dmz");
    plug("enp3s0", "dmz");
    plug("vif9.0", "xenbr0");
    assertThat(multi.run("stop", "vlans=200")).isZero();
    assertThat(multi.err()).isEmpty();
    assertThat(single.run("stop", "vlan=7")).isZero();
    assertThat(single.err())
        .containsExactly(
            "script: attached, and without their bridge's network from now on: 1 vif, vif8.0"
                + " (dmz)");
    assertThat(single.run("stop", "vlan=7")).isZero();
    assertThat(single.err()).containsExactly("script: not started for eth0: VLAN 7");
    String vifs = ": 2 vifs, vif7.0 (vlanbr100), vif9.0 (xenbr0)";
    assertThat(multi.run("stop", "untagged=xenbr0", "--dry-run")).isZero();
    assertThat(multi.err())
        .containsExactly("script: attached, and would be without their bridge's network" + vifs);
    assertThat(multi.run("stop", "untagged=xenbr0")).isZero();
    assertThat(multi.err())
        .containsExactly("script: attached, and without their bridge's network from now on" + vifs);
  }

  private void plug(String vif, String bridge) {
    kernel.plug(vif, MacAddress.VIF);
    kernel.change(vif, LinkChange.builder().master(bridge).build());
  }

  @Test
  void bridgeNullIsNoBridge() {
    KernelState before = KernelState.of(kernel);
    assertThat(single.run("start", "bridge=null")).isZero();
    assertThat(single.run("stop", "bridge=null")).isZero();
    assertThat(KernelState.of(kernel)).isEqualTo(before);
  }

  @Test
  void whatIsWrongIsSaidBeforeAnythingIsMade() {
    KernelState before = KernelState.of(kernel);
    assertThat(single.run("start", "vlan=4095")).isEqualTo(1);
    assertThat(single.err())
        .containsExactly("script: vlan=4095: there is no VLAN 4095; they go from 1 to 4094");
    assertThat(single.run("start", "netdev=eth9")).isEqualTo(1);
    assertThat(single.err())
        .containsExactly("script: there is no device eth9; name the NIC with netdev=");
    assertThat(multi.run("start")).isEqualTo(1);
    assertThat(multi.err())
        .containsExactly("script: which VLANs? As vlans=100,200-299, or vlans=/a/file");
    assertThat(multi.run("start", "vlans=100,10x")).isEqualTo(1);
    assertThat(multi.run("start", "vlans=/not/there")).isEqualTo(1);
    assertThat(multi.err()).singleElement().asString().startsWith("script: read vlans=/not/there");
    assertThat(multi.run("restart")).isEqualTo(1);
    assertThat(multi.err())
        .containsExactly("Unknown command: restart", "Valid commands are: start, stop, status");
    assertThat(KernelState.of(kernel)).isEqualTo(before);
  }

  @Test
  void manyVlansAreOnePlan() {
    KernelState before = KernelState.of(kernel);
    assertThat(multi.run("start", "vlans=100,200-202")).isZero();
    assertThat(kernel.links()).hasSize(2 + 2 * 4);
    kernel.failAfter(8, Refusal.ENOMEM);
    KernelState started = KernelState.of(kernel);
    assertThat(multi.run("start", "vlans=100,200-204")).isEqualTo(1);
    assertThat(multi.err()).singleElement().asString().endsWith("; everything is as before");
    assertThat(KernelState.of(kernel)).isEqualTo(started);
    assertThat(multi.run("stop")).isZero();
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
  }

  @Test
  void theListMayBeAFile() throws Exception {
    Path file = Files.writeString(runDirectory.resolve("vlans"), "100\n200 dmz # the shop\n");
    assertThat(multi.run("start", "vlans=" + file)).isZero();
    assertThat(kernel.link("vlanbr100")).isPresent();
    assertThat(kernel.link("dmz")).isPresent();
    assertThat(multi.run("stop", "vlans=" + file)).isZero();
    assertThat(kernel.links()).hasSize(2);
  }

  /** Both scripts know each other's work. */
  @Test
  void oneOfManyIsStoppedByItself() {
    assertThat(multi.run("start", "vlans=100,200")).isZero();
    assertThat(single.run("stop", "vlan=100")).isZero();
    assertThat(kernel.link("vlanbr100")).isEmpty();
    assertThat(kernel.link("vlanbr200")).isPresent();
  }

  @Test
  void untaggedFramesHaveABridgeToo() {
    KernelState before = KernelState.of(kernel);
    assertThat(multi.run("start", "vlans=100", "untagged=xenbr0")).isZero();
    Link nic = kernel.link("peth0").orElseThrow();
    assertThat(nic.master()).isEqualTo(kernel.link("xenbr0").orElseThrow().index());
    assertThat(kernel.link("eth0.100").orElseThrow().lower()).isEqualTo(nic.index());
    assertThat(kernel.link("vlanbr100").orElseThrow().mac())
        .isEqualTo(MacAddress.parse("52:54:00:00:00:01"));
    KernelState started = KernelState.of(kernel);
    assertThat(multi.run("start", "vlans=100", "untagged=xenbr0")).isZero();
    assertThat(KernelState.of(kernel)).isEqualTo(started);
    assertThat(single.run("start", "vlan=7")).isZero();
    assertThat(kernel.link("eth0.7").orElseThrow().lower()).isEqualTo(nic.index());
    assertThat(multi.run("stop", "untagged=xenbr0")).isZero();
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
  }

  /** In the manner of Xen 3.2 the bridge has the NIC's name. */
  @Test
  void aBridgeWithTheNicsNameIsNotTheNic() {
    KernelState before = KernelState.of(kernel);
    String[] words = {"start", "vlans=100", "untagged=eth0", "generation=rename"};
    assertThat(multi.run(words)).isZero();
    assertThat(kernel.link("eth0.100").orElseThrow().lower())
        .isEqualTo(kernel.link("peth0").orElseThrow().index());
    KernelState started = KernelState.of(kernel);
    assertThat(multi.run(words)).isZero();
    assertThat(KernelState.of(kernel)).isEqualTo(started);
    assertThat(multi.run("stop", "untagged=eth0")).isZero();
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
  }

  @Test
  void aNicThatKeepsItsNameCarriesThemToo() {
    KernelState before = KernelState.of(kernel);
    String[] words = {"vlans=100", "untagged=xenbr0", "generation=keep"};
    assertThat(multi.run("start", words[0], words[1], words[2])).isZero();
    assertThat(kernel.link("eth0.100").orElseThrow().lower())
        .isEqualTo(kernel.link("eth0").orElseThrow().index());
    assertThat(multi.run("stop", words[1])).isZero();
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
  }

  @Test
  void printsAPlanAndTouchesNothing() {
    KernelState before = KernelState.of(kernel);
    assertThat(multi.run("start", "vlans=100", "untagged=xenbr0", "--dry-run")).isZero();
    assertThat(multi.out())
        .anyMatch(line -> line.startsWith("ip link set dev eth0 name peth0"))
        .anyMatch(line -> line.startsWith("ip link set dev xenbr0 type bridge vlan_filtering 1"))
        .anyMatch(line -> line.startsWith("ip link add link eth0 name eth0.100"));
    assertThat(KernelState.of(kernel)).isEqualTo(before);
    assertThat(runDirectory).isEmptyDirectory();
  }

  @Test
  void aKernelWithoutVlansIsNamed() {
    KernelState before = KernelState.of(kernel);
    ScriptRun poor = run(new NetworkMultiVlan(), new Without("8021q", VlanKind.class::isInstance));
    assertThat(poor.run("start", "vlans=100", "untagged=xenbr0")).isEqualTo(1);
    assertThat(poor.err())
        .singleElement()
        .asString()
        .contains("EOPNOTSUPP")
        .endsWith("; without it there is switching=userspace");
    assertThat(KernelState.of(kernel)).isEqualTo(before);
  }

  /** Who would serve the VLANs is not started here: that he is asked for is what counts. */
  @Test
  void aKernelWithoutVlansHasThemServed() {
    KernelState before = KernelState.of(kernel);
    List<String> launched = new ArrayList<>();
    TrunkLauncher launcher =
        (netdev, words) -> {
          launched.add(netdev);
          throw new ScriptException("no process here");
        };
    Kernel poor = new WithoutVlans();
    ScriptRun auto = run(new NetworkMultiVlan(launcher), poor);
    assertThat(auto.run("start", "vlans=100")).isEqualTo(1);
    assertThat(auto.err()).containsExactly("script: no process here; everything is as before");
    assertThat(launched).containsExactly("eth0");
    assertThat(run(new NetworkMultiVlan(launcher), kernel).run("start", "vlans=100")).isZero();
    assertThat(launched).hasSize(1);
    assertThat(run(new NetworkMultiVlan(launcher), kernel).run("stop")).isZero();
    ScriptRun chosen = run(new NetworkBridgeVlan(launcher), kernel);
    assertThat(chosen.run("start", "vlan=100", "switching=userspace")).isEqualTo(1);
    assertThat(launched).hasSize(2);
    assertThat(chosen.run("start", "vlan=100", "switching=userspace", "--dry-run")).isZero();
    assertThat(chosen.out())
        .contains("setsid passerelle trunk eth0 &  # puts the tags in and takes them out");
    assertThat(chosen.run("start", "vlan=100", "switching=x")).isEqualTo(1);
    assertThat(chosen.err())
        .containsExactly("script: switching=x is not known; there are auto, kernel and userspace");
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
  }

  /** As one without 8021q. */
  private final class WithoutVlans extends KernelDecorator {
    WithoutVlans() {
      super(VlanScriptsTest.this.kernel);
    }

    @Override
    public boolean makesVlans() {
      return false;
    }
  }

  /** Only root may ask the kernel: a plan is shown all the same. */
  @Test
  void anOrdinaryUserSeesAPlan() {
    Kernel refusing =
        new KernelDecorator(kernel) {
          @Override
          public boolean makesVlans() {
            throw new KernelException("ask", Refusal.EPERM.number(), Refusal.EPERM.toString(), "");
          }
        };
    ScriptRun user = run(new NetworkMultiVlan(), refusing);
    assertThat(user.run("start", "vlans=100", "--dry-run")).isZero();
    assertThat(user.err())
        .anyMatch(line -> line.startsWith("whether this kernel makes VLANs only root sees"));
    assertThat(user.out()).anyMatch(line -> line.contains("type vlan"));
    assertThat(user.run("start", "vlans=100")).isEqualTo(1);
  }

  /** Only the launchers know where the process's own launcher is. */
  @Test
  void withoutLaunchersThereIsNoProcess() {
    KernelState before = KernelState.of(kernel);
    assertThat(multi.run("start", "vlans=100", "switching=userspace")).isEqualTo(1);
    assertThat(multi.err()).singleElement().asString().contains("`passerelle trunk`");
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
  }

  @Test
  void aStopSaysWhatIsNotThere() {
    assertThat(multi.run("stop")).isZero();
    assertThat(multi.err())
        .containsExactly("script: no VLAN of eth0 was started: there is nothing to stop");
    assertThat(multi.run("start", "vlans=7")).isZero();
    assertThat(multi.run("stop", "vlans=7,8,9,10,11", "--dry-run")).isZero();
    assertThat(multi.err())
        .containsExactly("script: not started for eth0: VLAN 8, 9, 10 and 1 more");
    assertThat(multi.run("stop")).isZero();
    assertThat(multi.err()).isEmpty();
  }

  @Test
  void aPlanOfNothingSaysSo() {
    assertThat(multi.run("stop", "--dry-run")).isZero();
    assertThat(multi.out()).containsExactly("nothing to do");
    assertThat(multi.run("start", "vlans=7")).isZero();
    assertThat(multi.run("start", "vlans=7", "--dry-run")).isZero();
    assertThat(multi.out()).containsExactly("nothing to do");
  }

  @Test
  void bridgesThatCannotLookAtTagsAreMadeAllTheSameAndItIsSaid() {
    Without plain =
        new Without(
            "vlan_filtering", kind -> !VlanFiltering.of(kind.data()).equals(Optional.empty()));
    ScriptRun script = run(new NetworkMultiVlan(), plain);
    assertThat(script.run("start", "vlans=100-103", "untagged=xenbr0")).isZero();
    assertThat(script.err())
        .singleElement()
        .asString()
        .startsWith(
            "script: tagged frames pass vlanbr100, vlanbr101, vlanbr102 and 2 more as they are");
    assertThat(script.run("start", "vlans=100-104", "untagged=xenbr0")).isZero();
    assertThat(script.err())
        .singleElement()
        .asString()
        .startsWith("script: tagged frames pass vlanbr104 as they are");
    assertThat(script.run("start", "vlans=100-104", "untagged=xenbr0")).isZero();
    assertThat(script.err()).isEmpty();
    assertThat(kernel.link("vlanbr100").orElseThrow().isUp()).isTrue();
  }

  /** A kernel that lacks some kinds of links, or settings of them. */
  private final class Without extends KernelDecorator {
    private final String name;
    private final Predicate<LinkKind> missing;

    Without(String name, Predicate<LinkKind> missing) {
      super(VlanScriptsTest.this.kernel);
      this.name = name;
      this.missing = missing;
    }

    @Override
    public void create(LinkSpec spec) {
      refuse(spec.kind());
      super.create(spec);
    }

    @Override
    public void change(String device, LinkChange change) {
      change.kind().ifPresent(this::refuse);
      super.change(device, change);
    }

    private void refuse(LinkKind kind) {
      if (missing.test(kind)) {
        throw new KernelException(
            name, Refusal.EOPNOTSUPP.number(), Refusal.EOPNOTSUPP.toString(), "");
      }
    }
  }

  /** The kernel in memory never tells that a bridge of network-bridge looks at tags. */
  @Test
  void warnsWhereTagsPass() {
    assertThat(multi.run("start", "vlans=100", "untagged=xenbr0", "brigde=x")).isZero();
    assertThat(multi.err())
        .singleElement()
        .asString()
        .startsWith("script: brigde=x means nothing to network-multi-vlan, which has ");
    assertThat(multi.run("stop", "untagged=xenbr0")).isZero();
    kernel.create(LinkSpec.of("xenbr0", BridgeKind.XEN));
    assertThat(multi.run("start", "vlans=100", "untagged=xenbr0")).isZero();
    assertThat(multi.err())
        .singleElement()
        .asString()
        .startsWith("script: tagged frames pass xenbr0 as they are");
  }

  @Test
  void tellsTheStatus() {
    multi.run("start", "vlans=100,7");
    assertThat(multi.run("status")).isZero();
    assertThat(multi.out())
        .containsExactly(
            "=".repeat(60),
            "eth0: up, 52:54:00:00:00:01, mtu 1500",
            "    192.0.2.10/24 dev eth0",
            "    fe80::5054:ff:fe00:1/64 dev eth0 scope link",
            "eth0.7: up, fe:ff:ff:ff:ff:ff, mtu 1500, VLAN 7 of eth0, port of vlanbr7",
            "vlanbr7: up, 52:54:00:00:00:01, mtu 1500, ports eth0.7",
            "eth0.100: up, fe:ff:ff:ff:ff:ff, mtu 1500, VLAN 100 of eth0, port of vlanbr100",
            "vlanbr100: up, 52:54:00:00:00:01, mtu 1500, ports eth0.100",
            "fe80::/64 dev eth0 proto kernel metric 256",
            "192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.10",
            "default via 192.0.2.1 dev eth0",
            "=".repeat(60));
    assertThat(single.run("status", "vlan=8")).isZero();
    assertThat(single.out()).contains("eth0.8: not there");
  }

  @Test
  void theNextRunUndoesWhatAKilledOneLeft() {
    KernelState before = KernelState.of(kernel);
    ScriptRun dying = run(new NetworkMultiVlan(), new KilledKernel(kernel, 12, true));
    try {
      dying.run("start", "vlans=100,200");
      throw new IllegalStateException("not killed");
    } catch (KilledKernel.Killed killed) {
      assertThat(KernelState.of(kernel)).isNotEqualTo(before);
    }
    assertThat(run(new Recover(), kernel).run()).isZero();
    assertThat(KernelState.of(kernel)).isEqualTo(before);
  }
}
