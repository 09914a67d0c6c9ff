package org.passerelle.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.passerelle.lab.load.LoadedLab;

class AsciiGraphTest {

  @Test
  void drawsWiresDom0AndDomains() {
    String lab =
        """
        lab: t
        network-script: network-bridge
        host:
          nics:
            eth0: {mac: 52:54:00:00:00:10, address: [192.0.2.10/24, "2001:db8::10/64"]}
            eth1: {mac: 52:54:00:00:00:11, wire: lan}
        domains:
          web: {vif: "mac=00:16:3e:00:00:01", eth0: {address: 192.0.2.11/24}}
        outside:
          gw: {mac: 52:54:00:00:00:01, address: 192.0.2.1/24}
        """;
    assertThat(AsciiGraph.of(LoadedLab.parse(lab, "f").topology().orElseThrow()))
        .containsExactly(
            """
              wire
               |
               +-- gw/eth0        52:54:00:00:00:01  192.0.2.1/24
               |
               |  +-- dom0 ----------------------+
               +--|- peth0                       |
                  |    |                         |
                  |  xenbr0                      |
                  |    |                         |
                  |    +-- vif0.0 -- eth0        |
                  |    |    52:54:00:00:00:10    |
                  |    |    192.0.2.10/24        |
                  |    |    2001:db8::10/64      |
                  |    +-- vif1.0 ===============|=== web/eth0  00:16:3e:00:00:01
                  |    |                         |    192.0.2.11/24
                  +------------------------------+

              lan
               |
               |  +-- dom0 ----------------------+
               +--|- eth1                        |
                  |    52:54:00:00:00:11         |
                  +------------------------------+

              ===  a shared ring between netfront and netback
              switching: auto
            """
                .indent(0)
                .split("\n"));
  }

  @Test
  void drawsAVlansDeviceAndBridge() {
    String lab =
        """
        lab: one
        network-script: network-multi-vlan vlans=7,8
        domains:
          a:
            vif: ["vlan=7p/8, mac=00:16:3e:00:01:01"]
            eth0: {address: 10.0.0.1/24}
            eth0.8: {address: 10.0.8.1/24}
        outside:
          gw: {mac: 52:54:00:00:00:01, vlans: {7: {address: 10.0.0.2/24}}}
        checks:
          - ping: {from: gw, to: a}
        """;
    assertThat(AsciiGraph.of(LoadedLab.parse(lab, "f").topology().orElseThrow()))
        .contains(
            "   +-- gw/eth0.7      52:54:00:00:00:01  10.0.0.2/24",
            "      |    eth0.7                    |",
            "      |  vlanbr7                     |",
            "      |    +-- vif1.0 ===============|=== a/eth0  00:16:3e:00:01:01",
            "      |    |                         |    eth0.8",
            "      |    |                         |      10.0.8.1/24");
  }

  @Test
  void staysWithinEightyColumns() {
    List<String> lines =
        AsciiGraph.of(LoadedLab.load(Path.of("labs/bridge.yaml")).topology().orElseThrow());
    assertThat(lines).allMatch(line -> line.length() <= 80);
  }

  @Test
  void drawsGuestsWhoseRouterDom0Is() {
    String lab =
        """
        lab: t
        network-script: network-nat
        vif-script: vif-nat
        host:
          nics:
            eth0: {mac: 52:54:00:00:00:10, address: 192.0.2.10/24}
        domains:
          web: {vif: "mac=00:16:3e:00:00:01, vifname=web0"}
        """;
    assertThat(AsciiGraph.of(LoadedLab.parse(lab, "f").topology().orElseThrow()))
        .contains(
            """
                 |  network-nat                 |
                 |    |                         |
                 |    +-- web0 =================|=== web/eth0  00:16:3e:00:00:01
                 |    |    10.0.1.128/32        |    10.0.1.1/16
                 +------------------------------+
            """
                .indent(1)
                .stripTrailing()
                .split("\n"));
  }
}
