package org.passerelle.link.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class IpTest {

  @Test
  void writesAnIpv4Header() {
    MemorySegment header = CapturedFrames.dirty(20);
    Ipv4.emit(header, 0, 0x0A000001, 0x0A000002, IpProtocol.TCP, 20);
    // The captured RST had identification 0 as well, hence its very checksum.
    assertThat(CapturedFrames.hex(header))
        .isEqualTo("45000028" + "00004000" + "4006" + "26ce" + "0a000001" + "0a000002");
  }

  @Test
  void writesAnIpv6Header() throws Exception {
    MemorySegment header = CapturedFrames.dirty(40);
    byte[] one = InetAddress.getByName("fd00::1").getAddress();
    byte[] all = InetAddress.getByName("ff02::1").getAddress();
    Ipv6.emit(header, 0, one, all, IpProtocol.ICMPV6, 32);
    assertThat(CapturedFrames.hex(header))
        .isEqualTo(
            "60000000"
                + "0020"
                + "3a"
                + "ff" // 32 octets of ICMPv6, hop limit 255
                + "fd000000000000000000000000000001"
                + "ff020000000000000000000000000001");
  }

  @Test
  void writesIpv6AddressesAsRfc5952Does() {
    assertThat(text("00000000000000000000000000000000")).isEqualTo("::");
    assertThat(text("00000000000000000000000000000001")).isEqualTo("::1");
    assertThat(text("fe8000000000000002163efffe000002")).isEqualTo("fe80::216:3eff:fe00:2");
    assertThat(text("20010db8000000010001000100010001")).isEqualTo("2001:db8:0:1:1:1:1:1");
    assertThat(text("20010db8000000000001000000000000")).isEqualTo("2001:db8:0:0:1::");
    assertThat(text("20010000000000010000000000000001")).isEqualTo("2001:0:0:1::1");
  }

  private static String text(String hex) {
    return Ipv6.text(CapturedFrames.memory(hex), 0);
  }
}
