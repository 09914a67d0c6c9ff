package org.passerelle.lab.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.passerelle.lab.load.LoadedLab;
import org.passerelle.lab.model.Check;
import org.passerelle.lab.topology.Topology;
import org.passerelle.link.port.FrameObserver.Direction;

class JudgeTest {
  /** An echo request from web to gw, cut after the IP header, untagged. */
  private static final String REQUEST =
      "525400000001" // to gw
          + "00163e000101" // from web
          + "0800" // IPv4
          + "4500001c000040004001b6c3" // 28 octets, ICMP
          + "c000020b" // from 192.0.2.11
          + "c0000201" // to 192.0.2.1
          + "0800f7ff00000000"; // echo request

  private static final String ARP = "ffffffffffff" + "00163e000101" + "0806" + "0001";

  private static String tagged(String frame, String tci) {
    return frame.substring(0, 24) + "8100" + tci + frame.substring(24);
  }

  private static Judge.Judgement judge(String expect, String... frames) {
    Topology topology = topology(expect);
    Check.Capture capture = (Check.Capture) topology.lab().checks().getFirst();
    List<CapturedFrame> list =
        Stream.of(frames)
            .map(hex -> new CapturedFrame(0, Direction.IN, HexFormat.of().parseHex(hex)))
            .toList();
    return new Judge(topology, capture.expect()).judge(new Frames(list, 0));
  }

  private static Topology topology(String expect) {
    LoadedLab loaded =
        LoadedLab.parse(
            """
            lab: t
            network-script: network-bridge
            domains:
              web: {vif: "mac=00:16:3e:00:01:01", eth0: {address: 192.0.2.11/24}}
            outside:
              gw: {mac: 52:54:00:00:00:01, address: 192.0.2.1/24}
            checks:
              - capture: {at: wire, during: {ping: web -> gw}, expect: %s}
            """
                .formatted(expect),
            "f");
    assertThat(loaded.problems()).isEmpty();
    return loaded.topology().orElseThrow();
  }

  @Test
  void holdsEachRuleAgainstEveryFrame() {
    String all =
        "{vlan: none, ether-src: web, ether-dst: gw, ip-src: [192.0.2.99, web], ip-dst: 192.0.2.1}";
    assertThat(judge(all, REQUEST, REQUEST).passed()).isTrue();
    assertThat(judge("{ether-src: gw}", REQUEST).passed()).isFalse();
    assertThat(judge("{ether-dst: 52:54:00:00:00:01}", REQUEST, ARP).passed()).isFalse();
    assertThat(judge("{ip-src: 192.0.2.11}", REQUEST, ARP).passed()).isFalse();
  }

  @Test
  void saysWhatItSawInsteadAndShowsTheFrame() {
    Judge.Judgement judgement = judge("{vlan: 100}", tagged(REQUEST, "0064"), REQUEST);
    assertThat(judgement.passed()).isFalse();
    assertThat(judgement.expected()).isEqualTo("at least 1 frame, vlan 100");
    assertThat(judgement.seen()).isEqualTo("1 of 2 frames with vlan none");
    assertThat(judgement.details())
        .singleElement()
        .asString()
        .contains("00:16:3e:00:01:01 > 52:54:00:00:00:01", "192.0.2.11 > 192.0.2.1");
  }

  @Test
  void readsTheVidAndNotThePriority() {
    assertThat(judge("{vlan: [100, 200]}", tagged(REQUEST, "e064")).passed()).isTrue();
    assertThat(judge("{vlan: none}", tagged(REQUEST, "0064")).passed()).isFalse();
  }

  @Test
  void failsWithoutAnyFrameUnlessThatWasExpected() {
    assertThat(judge("{ether-src: web}").passed()).isFalse();
    assertThat(judge("{frames: 0}").passed()).isTrue();
    assertThat(judge("{frames: 0}", ARP).passed()).isFalse();
    assertThat(judge("{frames: \">= 2\"}", ARP).seen()).isEqualTo("1 frame");
  }

  @Test
  void doesNotPassWhatItHasNotSeenWhole() {
    Frames lossy = new Frames(List.of(), 3);
    Check.Capture capture = (Check.Capture) topology("{frames: 0}").lab().checks().getFirst();
    Judge judge = new Judge(topology("{frames: 0}"), capture.expect());
    assertThat(judge.judge(lossy).passed()).isFalse();
  }

  @Test
  void refusesATruncatedFrame() {
    assertThat(judge("{vlan: none}", "5254").seen()).contains("a truncated frame");
  }
}
