package org.passerelle.link.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HeadersTest {

  private static Headers parse(String hex) {
    MemorySegment frame = CapturedFrames.memory(hex);
    Headers headers = new Headers();
    headers.parse(frame, 0, (int) frame.byteSize());
    return headers;
  }

  @Test
  void findsTcpInIpv4() {
    Headers headers = parse(CapturedFrames.TCP_PUSH);
    assertThat(headers.type()).isEqualTo(EtherType.IPV4);
    assertThat(headers.tci()).isEqualTo(Headers.NONE);
    assertThat(headers.network()).isEqualTo(14);
    assertThat(headers.protocol()).isEqualTo(IpProtocol.TCP);
    assertThat(headers.transport()).isEqualTo(34);
    assertThat(headers.end()).isEqualTo(72);
    assertThat(headers.fragment()).isFalse();
  }

  @Test
  void looksBehindTags() {
    Headers headers = parse(CapturedFrames.tagged(CapturedFrames.TCP_PUSH, 0x2064));
    assertThat(headers.tci()).isEqualTo(0x2064);
    assertThat(headers.type()).isEqualTo(EtherType.IPV4);
    assertThat(headers.transport()).isEqualTo(38);

    String twice = CapturedFrames.tagged(CapturedFrames.tagged(CapturedFrames.UDP, 5), 6);
    assertThat(parse(twice).tci()).isEqualTo(6);
    assertThat(parse(twice).transport()).isEqualTo(42);
  }

  @Test
  void tellsTheAddressesOfIpAndOfNothingElse() {
    Headers v4 = parse(CapturedFrames.tagged(CapturedFrames.TCP_PUSH, 5));
    String text = CapturedFrames.TCP_PUSH.replaceAll("\\s", "");
    assertThat(v4.sourceAddress().orElseThrow().getAddress())
        .isEqualTo(java.util.HexFormat.of().parseHex(text.substring(52, 60)));
    assertThat(v4.destinationAddress().orElseThrow().getAddress())
        .isEqualTo(java.util.HexFormat.of().parseHex(text.substring(60, 68)));
    assertThat(parse(CapturedFrames.REPORT_V6).destinationAddress())
        .contains(IpPrefix.address("ff02::16"));
    assertThat(parse("ffffffffffff 001122334455 0806 0001").sourceAddress()).isEmpty();
  }

  @Test
  void walksExtensionHeaders() {
    Headers headers = parse(CapturedFrames.REPORT_V6);
    assertThat(headers.protocol()).isEqualTo(IpProtocol.ICMPV6);
    assertThat(headers.transport()).isEqualTo(62); // 14 + 40 + 8 of hop-by-hop
  }

  @Test
  void leavesPaddingOut() {
    Headers headers = parse(CapturedFrames.UDP + "000000000000000000000000");
    assertThat(headers.end()).isEqualTo(48);
    assertThat(headers.hasTransport(14)).isTrue();
    assertThat(headers.hasTransport(15)).isFalse();
  }

  @Test
  void aFirstIpv4FragmentHasATransportHeaderALaterOneHasNot() {
    Headers first = parse(CapturedFrames.UDP.replace("26c7 4000", "26c7 2000"));
    assertThat(first.fragment()).isTrue();
    assertThat(first.transport()).isEqualTo(34);

    Headers later = parse(CapturedFrames.UDP.replace("26c7 4000", "26c7 0001"));
    assertThat(later.fragment()).isTrue();
    assertThat(later.protocol()).isEqualTo(IpProtocol.UDP);
    assertThat(later.transport()).isEqualTo(Headers.NONE);
  }

  @Test
  void aLaterIpv6FragmentHasNone() {
    // The hop-by-hop header becomes a fragment header: ICMPv6, offset 0x0100, id.
    String fragment =
        CapturedFrames.REPORT_V6
            .replace("0024 00 01", "0024 2c 01")
            .replace("3a 00 05020000 0100", "3a 00 0101 00000007");
    Headers later = parse(fragment);
    assertThat(later.fragment()).isTrue();
    assertThat(later.protocol()).isEqualTo(IpProtocol.ICMPV6);
    assertThat(later.transport()).isEqualTo(Headers.NONE);

    Headers first = parse(fragment.replace("0101 00000007", "0001 00000007"));
    assertThat(first.fragment()).isTrue();
    assertThat(first.transport()).isEqualTo(62);
  }

  @Test
  void countsAnAuthenticationHeaderInWords() {
    // 3a: ICMPv6 next; length 1 stands for (1 + 2) * 4 octets, so the transport header moves on.
    String authenticated =
        CapturedFrames.REPORT_V6
            .replace("0024 00 01", "0024 33 01")
            .replace("3a 00 05020000 0100", "3a 01 05020000 0100");
    assertThat(parse(authenticated).transport()).isEqualTo(54 + 12);
  }

  @Test
  void believesNoLengthBeyondTheFrame() {
    String longer = CapturedFrames.UDP.replace("45 00 0022", "45 00 ffff");
    assertThat(parse(longer).end()).isEqualTo(48);
    assertThat(parse(CapturedFrames.UDP.replace("45 00", "4f 00")).protocol())
        .isEqualTo(Headers.NONE); // header of 60 octets in 34
    assertThat(parse(CapturedFrames.UDP.replace("45 00", "44 00")).protocol())
        .isEqualTo(Headers.NONE); // header of 16 octets
    assertThat(parse(CapturedFrames.UDP.replace("45 00 0022", "45 00 0013")).protocol())
        .isEqualTo(Headers.NONE); // shorter than its header
    assertThat(parse(CapturedFrames.UDP.replace("45 00", "65 00")).protocol())
        .isEqualTo(Headers.NONE); // version 6
  }

  @Test
  void anExtensionHeaderThatLeadsOutOfThePacketEndsTheSearch() {
    String tooLong = CapturedFrames.REPORT_V6.replace("3a 00 0502", "3a 20 0502");
    assertThat(parse(tooLong).transport()).isEqualTo(Headers.NONE);
  }

  @Property
  void anyOctetsAreLookedAtWithoutHarm(
      @ForAll @Size(max = 120) byte[] octets, @ForAll @IntRange(max = 3) int kind) {
    MemorySegment frame = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, octets);
    int[] types = {EtherType.IPV4, EtherType.IPV6, EtherType.VLAN, EtherType.ARP};
    if (octets.length >= 15) {
      Octets.put16(frame, 12, types[kind]);
      Octets.put8(frame, 14, kind == 0 ? 0x45 : 0x60);
    }
    Headers headers = new Headers();
    headers.parse(frame, 0, octets.length);
    assertThat(headers.end()).isBetween(0, octets.length);
    assertThat(headers.transport()).isLessThanOrEqualTo(headers.end());
    assertThat(FrameText.of(frame, 0, octets.length)).isNotBlank();
  }
}
