package org.passerelle.lab.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.lab.model.Problem;
import org.passerelle.lab.topology.Interface;
import org.passerelle.link.wire.IpPrefix;

/** What is said about wrong files: the place, the value, and what would be right. */
class LoadedLabTest {
  private static final String GOOD =
      """
      lab: small
      network-script: network-bridge
      host:
        nics:
          eth0: {address: [192.0.2.10/24, "2001:db8::10/64"], gateway: 192.0.2.1}
      domains:
        web:
          vif: ["bridge=xenbr0, mac=00:16:3e:00:01:01"]
          eth0: {address: 192.0.2.11/24, gateway: 192.0.2.1}
      outside:
        gw: {mac: 52:54:00:00:00:01, address: 192.0.2.1/24}
      checks:
        - ping: web -> gw
      """;

  private static List<String> problems(String text) {
    LoadedLab loaded = LoadedLab.parse(text, "f");
    return loaded.problems().stream().map(problem -> problem.print("f")).toList();
  }

  @Test
  void findsNothingWrongWithAGoodFile() {
    assertThat(problems(GOOD)).isEmpty();
  }

  @Test
  void findsNothingWrongWithTheLabsThatComeAlong() {
    for (String lab : List.of("bridge", "three-vlans", "nat", "nat-dhcp", "route", "antispoof")) {
      LoadedLab loaded = LoadedLab.load(Path.of("labs", lab + ".yaml"));
      assertThat(loaded.problems()).isEmpty();
      assertThat(loaded.topology()).isPresent();
    }
  }

  /** What a guest will be told is known before anything is made. */
  @Test
  void aGuestThatAsksIsToldWhatVifNatHas() {
    String asks =
        """
        lab: asks
        network-script: network-nat dhcp=yes
        vif-script: vif-nat
        host:
          nics:
            eth0: {address: 192.0.2.10/24}
        domains:
          a: {vif: ["ip=10.0.9.200 fd00::7"], eth0: {dhcp: true, address: "fd00::7/64"}}
        """;
    LoadedLab loaded = LoadedLab.parse(asks, "f");
    assertThat(loaded.problems()).isEmpty();
    Interface guest =
        loaded.topology().orElseThrow().station("a").orElseThrow().interfaces().getFirst();
    assertThat(guest.addresses())
        .containsExactly(IpPrefix.parse("10.0.9.200/16"), IpPrefix.parse("fd00::7/64"));
    assertThat(guest.settings().gateways().getFirst().value())
        .isEqualTo(IpPrefix.address("10.0.9.73"));
    assertThat(problems(asks.replace("vif-nat", "vif-nat dhcp=no")))
        .singleElement()
        .asString()
        .contains("nobody tells a/eth0 an address");
  }

  /** The same MAC in two VLANs is none too many; in one VLAN it is. */
  @Test
  void vlansAreSegmentsOfTheirOwn() {
    String two =
        """
        lab: two
        network-script: network-multi-vlan vlans=7,8
        domains:
          a: {vif: ["bridge=vlanbr7, mac=00:16:3e:00:01:01"], eth0: {address: 10.0.0.1/24}}
          b: {vif: ["bridge=vlanbr8, mac=00:16:3e:00:01:01"], eth0: {address: 10.0.0.1/24}}
        outside:
          gw: {vlans: {7: {address: 10.0.0.2/24}}}
        checks:
          - ping: {from: gw, to: a}
        """;
    assertThat(problems(two)).isEmpty();
    assertThat(problems(two.replace("bridge=vlanbr8", "bridge=vlanbr7")))
        .contains(
            "f:5:13: error: 00:16:3e:00:01:01: a/eth0 has this MAC already on wire VLAN 7",
            "f:5:71: error: 10.0.0.1: a/eth0 has this address already on wire VLAN 7");
  }

  /** Each row replaces one piece of the good file and names the one problem that must result. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          lab: small | lab: two words | f:1:6: error: `two words`: not a name; a letter, then letters, digits, - and _, 32 at most
          lab: small | labb: small | f:1:1: error: labb: no such key in a lab file; did you mean `lab`?
          network-script: network-bridge | network-script: network-nat | f:2:17: error: vif-bridge: network-nat makes no bridge for it; `vif-script: vif-nat` goes with it
          bridge=xenbr0 | script=vif-nat | f:8:19: warning: vif-nat: network-bridge does not lead its guests outside; `network-script: network-nat` does
          network-script: network-bridge | network-script: network-bridge vifnun=0 | f:2:17: error: vifnun: no such word of network-bridge; did you mean `vifnum`?
          network-script: network-bridge | vif-script: vif-bridge antispof=yes | f:2:13: error: antispof: no such word of vif-bridge; did you mean `antispoof`?
          network-script: network-bridge | network-script: network-route ipv6=maybe | f:2:17: error: ipv6=maybe: neither yes nor no
          network-script: network-bridge | network-script: network-nat services=ssh | f:2:17: error: services=ssh is not PROTOCOL:PORT, for example tcp:22; none and any stand alone
          network-script: network-bridge | network-script: network-multi-vlan vlans=7 switching=me | f:2:17: error: me: no such switching; kernel, userspace or auto
          network-script: network-bridge | network-script: network-bridge dhcp=yes | f:2:17: error: dhcp: no such word of network-bridge; known are antispoof, bridge, generation, netdev, pairs, vifnum
          network-script: network-bridge | network-script: network-route netdev=eth7 | f:2:17: error: eth7: network-route is for this NIC, which dom0 does not have; add it to host.nics or name another with netdev=eth0
          bridge=xenbr0 | script=vif-nat, ip=10.0.0.1.2 | f:8:31: error: ip=not an IP address: 10.0.0.1.2
          network-script: network-bridge | network-script: network-bridge netdev=eth7 | f:2:17: error: eth7: network-bridge is for this NIC, which dom0 does not have; add it to host.nics or name another with netdev=eth0
          network-script: network-bridge | network-script: network-bridge generation=rename | f:2:17: error: generation=rename is not supported yet
          network-script: network-bridge | network-script: network-bridge antispoof=maybe | f:2:17: error: antispoof=maybe: neither yes nor no
          network-script: network-bridge | network-script: network-multi-vlan vlans=7,10x | f:2:17: error: vlans=7,10x: "10x" is no VLAN and no range; as in 100,200-299
          network-script: network-bridge | network-script: network-multi-vlan untagged=xenbr0 | f:2:17: error: which VLANs? As vlans=100,200-299, or vlans=/a/file
          network-script: network-bridge | network-script: network-multi-vlan vlans=7 | f:8:11: error: xenbr0: nothing makes this bridge; network-multi-vlan makes vlanbr7
          network-script: network-bridge | network-script: network-multi-vlan vlans=7 netdev=eth7 untagged=xenbr0 | f:2:17: error: eth7: network-multi-vlan is for this NIC, which dom0 does not have; add it to host.nics or name another with netdev=eth0
          network-script: network-bridge | network-script: network-bridge-vlan vlan=4095 | f:2:17: error: vlan=4095: there is no VLAN 4095; they go from 1 to 4094
          gw: {mac: | gw: {vlans: {0: {address: 10.0.0.1/24}}, mac: | f:11:16: error: VLAN 0 is outside 1..4094
          gateway: 192.0.2.1} | gateway: 192.0.3.1} | f:5:66: error: 192.0.3.1: this gateway is in none of the networks of dom0/eth0, which has 192.0.2.10/24, 2001:db8::10/64
          bridge=xenbr0 | bridge=xenbr9 | f:8:11: error: xenbr9: nothing makes this bridge; network-bridge makes xenbr0
          mac=00:16:3e:00:01:01 | mac=00:16:3e:00:01:0 | f:8:31: error: mac=not a MAC address: 00:16:3e:00:01:0 (six octets like 00:16:3e:01:02:03)
          mac=00:16:3e:00:01:01 | mac=52:54:00:00:00:01 | f:11:3: error: 52:54:00:00:00:01: web/eth0 has this MAC already on wire
          mac=00:16:3e:00:01:01 | vlan=100 | f:8:11: error: VLAN 100: nothing makes its bridge; `network-script: network-multi-vlan vlans=100` would
          mac=00:16:3e:00:01:01 | vlan=1p/100 | f:8:11: error: VLAN 100: nothing makes its bridge; `network-script: network-multi-vlan vlans=100` would
          mac=00:16:3e:00:01:01 | vlan=100/200 | f:8:32: error: vlan=100/200: one VLAN must be that of what has no tag; mark it with p, as in 10p/100
          eth0: {address: 192.0.2.11/24, | eth0.100: {address: 192.0.2.11/24, | f:9:5: error: eth0.100: vif 0 of web may not tag VLAN 100; allow it with vlan=1p/100
          eth0: {address: 192.0.2.11/24, | eth0.0: {address: 192.0.2.11/24, | f:9:5: error: VLAN 0 is outside 1..4094
          mac=00:16:3e:00:01:01 | vifname=peth0 | f:8:11: error: peth0: this name in dom0 belongs to the bridged NIC; it cannot be the vif of web
          192.0.2.11/24 | 192.0.2.10/24 | f:9:21: error: 192.0.2.10: dom0/eth0 has this address already on wire
          192.0.2.11/24 | 192.0.2.11 | f:9:21: error: 192.0.2.11 lacks its prefix length; write 192.0.2.11/24
          eth0: {address: 192.0.2.11/24, | eth0: {dhcp: true, address: 192.0.2.11/24, | f:9:5: error: dhcp: nobody tells web/eth0 an address; `network-script: network-nat dhcp=yes` with `vif-script: vif-nat` would
          eth0: {address: 192.0.2.11/24, | eth0: {dhcp: yes, address: 192.0.2.11/24, | f:9:18: error: `yes`: neither true nor false; write true
          network-script: network-bridge | network-script: network-nat dhcp=maybe | f:2:17: error: dhcp=maybe: neither yes nor no
          - ping: web -> gw | - ping: web -> gq | f:13:18: error: gq: no such station; did you mean `gw`?
          - ping: web -> gw | - ping: web -> printer | f:13:18: error: printer: no such station; there are dom0, web, gw
          - ping: web -> gw | - ping: {from: web, to: gw, family: 6} | f:13:27: error: web and gw do not both have an IPv6 address
          - ping: web -> gw | - blocked: web -> 192.0.2.99 | f:13:21: error: 192.0.2.99: nobody in this lab has this address
          - ping: web -> gw | - tcp: {from: web, to: gw, port: 80} | f:13:5: error: port 80: nothing listens there; add `- tcp: {at: gw, port: 80}` to services
          - ping: web -> gw | - do: detach web/vif1 | f:13:16: error: web/vif1: no such vif; there are web/vif0
          - ping: web -> gw | - udp: {from: web, to: gw} | f:13:5: error: `udp` is not supported yet
          - ping: web -> gw | - capture: {at: wlan, during: {ping: web -> gw}} | f:13:19: error: wlan: no such wire; there are wire, or write STATION/DEVICE
          """)
  void namesThePlaceTheValueAndWhatWouldBeRight(String good, String bad, String message) {
    assertThat(GOOD).contains(good);
    assertThat(problems(GOOD.replace(good, bad))).contains(message);
  }

  /** One misspelt key or word is one problem, however much of the file depends on it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          domains: | domians: | f:6:1: error: domians: no such key in a lab file; did you mean `domains`?
          outside: | outsite: | f:10:1: error: outsite: no such key in a lab file; did you mean `outside`?
          host: | hots: | f:3:1: error: hots: no such key in a lab file; did you mean `host`?
          network-script: network-bridge | network-script: network-multivlan vlans=7 untagged=xenbr0 | f:2:17: error: network-multivlan: no such network script; did you mean `network-multi-vlan`?
          network-script: network-bridge | network-script: network-multi-vlan vlans=x | f:2:17: error: vlans=x: "x" is no VLAN and no range; as in 100,200-299
          network-script: network-bridge | network-script: network-route | f:2:17: error: vif-bridge: network-route makes no bridge for it; `vif-script: vif-route` goes with it
          """)
  void oneTypoIsOneProblem(String good, String bad, String message) {
    assertThat(problems(GOOD.replace(good, bad))).containsExactly(message);
  }

  /** The same of a lab in which dom0 is the router, and tells its guests their addresses. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          network-nat | network-nta | f:2:17: error: network-nta: no such network script; did you mean `network-nat`?
          vif-script: vif-nat | vif-script: vif-nta | f:3:13: error: vif-nta: no such vif script; did you mean `vif-nat`?
          :01"] | :01, script=vif-nta"] | f:8:42: error: vif-nta: no such vif script; did you mean `vif-nat`?
          dhcp=yes | dhcp=yse | f:2:17: error: dhcp=yse: neither yes nor no; write yes
          dhcp: true | dhcp: yes | f:9:18: error: `yes`: neither true nor false; write true
          """)
  void oneTypoOfARouterIsOneProblem(String good, String bad, String message) {
    String lab =
        """
        lab: small
        network-script: network-nat netdev=eth0 dhcp=yes
        vif-script: vif-nat
        host:
          nics: {eth0: {address: 192.0.2.10/24}}
        domains:
          web:
            vif: ["mac=00:16:3e:00:01:01"]
            eth0: {dhcp: true}
        outside:
          gw: {address: 192.0.2.1/24}
        checks:
          - ping: web -> gw
        """;
    assertThat(problems(lab)).isEmpty();
    assertThat(problems(lab.replace(good, bad))).containsExactly(message);
  }

  @Test
  void whatIsWrongAtManyPlacesIsSaidOnce() {
    String bad =
        GOOD.replace("ping: web -> gw", "ping: web -> fw\n  - ping: fw -> web\n  - ping: gw -> fw");
    assertThat(problems(bad))
        .containsExactly(
            "f:13:18: error: fw: no such station; did you mean `gw`? (and 2 more, the last at"
                + " 15:17)");
  }

  @Test
  void namesEveryProblemAtOnceInTheOrderOfTheFile() {
    String bad =
        GOOD.replace("192.0.2.11/24", "192.0.2.11/99")
            .replace("network-bridge", "network-tunnel")
            .replace("-> gw", "-> gone");
    List<Problem> found = LoadedLab.parse(bad, "f").problems();
    assertThat(found)
        .extracting(Problem::at)
        .extracting(Object::toString)
        .containsExactly("2:17", "9:21", "9:45", "13:18");
    assertThat(found).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
  }

  @Test
  void refusesBlockedWithoutARouteBecauseItWouldAlwaysHold() {
    String lone = GOOD.replace("/24, gateway: 192.0.2.1}\noutside", "/24}\noutside");
    String far =
        lone.replace(
            "52:54:00:00:00:01, address: 192.0.2.1/24}", "wire: lan, address: 10.0.0.1/24}");
    String check =
        far.replace("ping: web -> gw", "blocked: web -> gw").replace("mac: wire", "wire");
    assertThat(problems(check)).anyMatch(p -> p.contains("web has no route to 10.0.0.1"));
  }

  @Test
  void refusesBlockedWhenNobodyCouldProveThatTheTargetLives() {
    String far =
        GOOD.replace(
            "gw: {mac: 52:54:00:00:00:01, address: 192.0.2.1/24}",
            "gw: {wire: lan, address: 10.0.0.1/24}");
    assertThat(problems(far.replace("ping: web", "blocked: web")))
        .anyMatch(
            p -> p.contains("gw/eth0 has no neighbour on lan that could prove that it lives"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                    | f:1:1: error: the file is empty; a lab begins with `lab: NAME`
          '- a'                 | f:1:1: error: a lab file is keys and values, not a list
          'lab: [x'             | f:1:8: error: not YAML: expected ',' or ']', but got <stream end>
          'lab: "\u0001"'       | f:1:7: error: not YAML: character U+0001 is not allowed
          'lab: &a [*a]'        | f:1:6: error: this node contains itself; an alias must point elsewhere
          """)
  void saysWhereAFileStopsBeingYaml(String text, String message) {
    assertThat(problems(text)).contains(message);
  }

  @Test
  void refusesAKeyGivenTwice() {
    assertThat(problems(GOOD + "lab: again\n"))
        .containsExactly("f:14:1: error: lab: this key was given before, at 1:1");
  }

  @Test
  void saysWhyAFileCannotBeRead(@org.junit.jupiter.api.io.TempDir Path directory) throws Exception {
    assertThat(LoadedLab.load(directory.resolve("none")).problems())
        .extracting(Problem::text)
        .containsExactly("no such file");
    Path latin = directory.resolve("latin1");
    java.nio.file.Files.write(latin, new byte[] {'l', 'a', 'b', ':', (byte) 0xE9});
    assertThat(LoadedLab.load(latin).problems())
        .extracting(Problem::text)
        .containsExactly("not UTF-8 text");
  }
}
