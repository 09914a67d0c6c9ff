package org.passerelle.link.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FrameTextTest {
  private static final String ONE_TO_TWO = "00:16:3e:00:00:01 > 00:16:3e:00:00:02, ";

  static Arguments[] frames() {
    return new Arguments[] {
      Arguments.of(
          CapturedFrames.ARP_REQUEST,
          "00:16:3e:00:00:01 > ff:ff:ff:ff:ff:ff, length 42, ARP who-has 10.0.0.2 tell 10.0.0.1"),
      Arguments.of(
          CapturedFrames.ARP_REPLY,
          "00:16:3e:00:00:02 > 00:16:3e:00:00:01, length 42, ARP 10.0.0.2 is-at 00:16:3e:00:00:02"),
      Arguments.of(
          CapturedFrames.ECHO_REQUEST_V4,
          ONE_TO_TWO + "length 50, IPv4 10.0.0.1 > 10.0.0.2: ICMP echo request, id 12209, seq 1"),
      Arguments.of(
          CapturedFrames.ECHO_REQUEST_V6,
          ONE_TO_TWO + "length 70, IPv6 fd00::1 > fd00::2: ICMPv6 echo request, id 12210, seq 1"),
      Arguments.of(
          CapturedFrames.UDP,
          ONE_TO_TWO + "length 48, IPv4 10.0.0.1:59336 > 10.0.0.2:53: UDP, payload 6"),
      Arguments.of(
          CapturedFrames.TCP_PUSH,
          ONE_TO_TWO
              + "length 72, IPv4 10.0.0.1:48422 > 10.0.0.2:5201: TCP [P.], seq 663011522,"
              + " ack 1827096174, payload 6"),
      Arguments.of(
          CapturedFrames.tagged(CapturedFrames.TCP_SYN_V6, 0x6064),
          ONE_TO_TWO
              + "length 98, vlan 100 p 3, IPv6 fd00::1:38760 > fd00::2:5201: TCP [S],"
              + " seq 3773570778, payload 0"),
      Arguments.of(
          CapturedFrames.REPORT_V6,
          "00:16:3e:00:00:02 > 33:33:00:00:00:16, length 90,"
              + " IPv6 fe80::216:3eff:fe00:2 > ff02::16: ICMPv6 type 143, code 0"),
      Arguments.of(
          CapturedFrames.UDP.replace("26c7 4000", "26c7 0001"),
          ONE_TO_TWO + "length 48, IPv4 10.0.0.1 > 10.0.0.2: UDP, fragment"),
      Arguments.of(
          CapturedFrames.UDP.replace("45 00", "41 00"), ONE_TO_TWO + "length 48, IPv4, malformed"),
      Arguments.of("00163e000002 00163e000001 88cc 00", ONE_TO_TWO + "length 15, ethertype 0x88cc"),
      Arguments.of("00163e000002 00163e000001 0026 42", ONE_TO_TWO + "length 15, 802.3"),
      Arguments.of("00163e", "truncated Ethernet frame, length 3"),
    };
  }

  @ParameterizedTest
  @MethodSource("frames")
  void describesInOneLine(String hex, String text) {
    MemorySegment frame = CapturedFrames.memory(hex);
    assertThat(FrameText.of(frame, 0, (int) frame.byteSize())).isEqualTo(text);
  }
}
