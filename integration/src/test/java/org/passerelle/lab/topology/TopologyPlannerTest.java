package org.passerelle.lab.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.passerelle.lab.load.LoadedLab;
import org.passerelle.link.wire.MacAddress;

class TopologyPlannerTest {

  private static Topology plan(String networkScript) {
    return LoadedLab.parse(
            """
            lab: t
            network-script: %s
            host:
              nics:
                eth1: {wire: lan, address: 192.0.2.10/24, gateway: 192.0.2.1}
            domains:
              a: {vif: ["", "vifname=second"]}
              b: {vif: ""}
            outside:
              gw: {wire: lan, address: 192.0.2.1/24}
            """
                .formatted(networkScript),
            "f")
        .topology()
        .orElseThrow();
  }

  @Test
  void readsTheNumberOfTheDefaultRoutesDeviceAsXen31Does() {
    BridgeLayout layout = plan("network-bridge").layout().orElseThrow();
    assertThat(layout.nic()).isEqualTo("eth1");
    assertThat(layout.bridge()).isEqualTo("xenbr1");
    assertThat(layout.physical()).isEqualTo("peth1");
    assertThat(layout.port()).isEqualTo("vif0.1");
    assertThat(layout.spare()).containsExactly("veth0", "vif0.0");
  }

  @Test
  void takesTheNumberThatIsGiven() {
    BridgeLayout layout = plan("network-bridge vifnum=3 pairs=2").layout().orElseThrow();
    assertThat(layout.nic()).isEqualTo("eth3");
    assertThat(layout.bridge()).isEqualTo("xenbr3");
    assertThat(layout.spare()).containsExactly("veth0", "vif0.0", "veth1", "vif0.1");
  }

  @Test
  void doesNothingForABridgeNamedNull() {
    assertThat(plan("network-bridge bridge=null").layout()).isEmpty();
  }

  @Test
  void numbersDomainsFromOneAndNamesTheirVifs() {
    assertThat(plan("network-bridge").vifs())
        .extracting(Vif::device)
        .containsExactly("vif1.0", "second", "vif2.0");
  }

  @Test
  void joinsBridgeAndWireIntoOneSegment() {
    Topology topology = plan("network-bridge bridge=br");
    assertThat(topology.interfaces()).extracting(Interface::segment).containsOnly("lan");
    assertThat(topology.vifs()).extracting(Vif::bridge).containsOnly("br");
  }

  @Test
  void givesEachAMacOfItsOwnAndTheSameOneNextTime() {
    List<MacAddress> macs =
        plan("network-bridge").interfaces().stream().map(Interface::mac).toList();
    assertThat(macs).doesNotHaveDuplicates().hasSize(5);
    assertThat(plan("network-bridge").interfaces().stream().map(Interface::mac).toList())
        .isEqualTo(macs);
    assertThat(macs.get(1).toString()).startsWith("00:16:3e:");
  }
}
