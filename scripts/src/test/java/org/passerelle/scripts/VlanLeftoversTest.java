package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelDecorator;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.wire.MacAddress;

/** What VLANs find, and what they leave, that is not of their script's making. */
class VlanLeftoversTest {
  private static final String START = "start";
  private static final String VLAN = "vlans=100";
  private static final String SOMEBODY = "made by somebody else";

  @TempDir Path runDirectory;
  private final FakeKernel kernel = new FakeKernel();
  private ScriptRun multi;

  @BeforeEach
  void host() {
    kernel.plug("eth0", MacAddress.parse("52:54:00:00:00:01"));
    kernel.change("eth0", LinkChange.builder().up(true).build());
    kernel.settle();
    multi = run(kernel);
  }

  private ScriptRun run(Kernel on) {
    return new ScriptRun(new NetworkMultiVlan(), on, runDirectory);
  }

  @Test
  void aBridgeOfSomebodyElseIsNamedOnceAndLeft() {
    kernel.create(LinkSpec.of("vlanbr100", BridgeKind.XEN));
    multi.succeeds(START, "vlans=100,200");
    assertThat(multi.err())
        .filteredOn(line -> line.contains(SOMEBODY))
        .containsExactly(
            "script: vlanbr100 was there, made by somebody else: VLAN 100 uses it as it is, and"
                + " stop leaves it");
    multi.succeeds(START, "vlans=100,200");
    assertThat(multi.err()).noneMatch(line -> line.contains(SOMEBODY));
    multi.succeeds("stop");
    assertThat(kernel.link("vlanbr100")).isPresent();
    assertThat(kernel.link("vlanbr200")).isEmpty();
  }

  @Test
  void aStopThatForgetsTheUntaggedBridgeSaysHowItIsStopped() {
    KernelState before = KernelState.of(kernel);
    multi.succeeds(START, "vlans=100,200", "untagged=xenbr0");
    multi.succeeds("stop", VLAN);
    assertThat(multi.out()).isEmpty();
    multi.succeeds("stop");
    assertThat(multi.out())
        .containsExactly(
            "xenbr0, the bridge for what eth0 carries without a tag, stays; network-multi-vlan"
                + " stop netdev=eth0 untagged=xenbr0 gives the NIC back");
    multi.succeeds("stop", "netdev=eth0", "untagged=xenbr0");
    assertThat(multi.out()).isEmpty();
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
  }

  /** Those of other NICs, and what a script was told for one VLAN, are not this stop's. */
  @Test
  void aStopOfAllForgetsVlansThatAreNotThereAnyMore() {
    HostAntispoof host = new HostAntispoof(runDirectory);
    kernel.plug("eth1", MacAddress.parse("52:54:00:00:00:02"));
    multi.succeeds(START, VLAN, "antispoof=yes");
    multi.succeeds(START, "netdev=eth1", "vlans=300", "antispoof=yes");
    kernel.delete("eth0.100");
    kernel.delete("vlanbr100");
    multi.succeeds("stop", "vlans=200");
    assertThat(host.devices("network-multi-vlan")).containsExactly("eth0.100", "eth1.300");
    multi.succeeds("stop");
    assertThat(host.devices("network-multi-vlan")).containsExactly("eth1.300");
  }

  /** Root finds out without making anything here. */
  @Test
  void aPlanHasNoStepThatThisKernelLacks() {
    Kernel plain =
        new KernelDecorator(kernel) {
          @Override
          public boolean filtersVlans() {
            return false;
          }
        };
    String[] words = {START, VLAN, "untagged=xenbr0", "--dry-run"};
    multi.succeeds(words);
    assertThat(multi.out()).anyMatch(line -> line.contains("vlan_filtering"));
    ScriptRun poor = run(plain);
    poor.succeeds(words);
    assertThat(poor.out())
        .anyMatch(line -> line.contains("vlanbr100"))
        .noneMatch(line -> line.contains("vlan_filtering"));
  }
}
