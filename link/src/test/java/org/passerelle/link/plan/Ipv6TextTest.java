package org.passerelle.link.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ipv6TextTest {
  /** RFC 5952, section 4.2, and what lies at both ends. */
  @ParameterizedTest
  @CsvSource({
    "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "0:0:0:0:0:0:0:0, ::",
    "0:0:0:0:0:0:0:1, ::1",
    "fe80:0:0:0:0:0:0:0, fe80::",
    "10:0:0:20:0:100:0:0, 10::20:0:100:0:0"
  })
  void leavesOutTheLongestRunOfZeros(String groups, String text) {
    assertThat(Ipv6Text.shorten(groups)).isEqualTo(text);
  }

  @Property
  void isTheSameAddressInNoMoreLetters(@ForAll @Size(16) List<@ByteRange(max = 1) Byte> list)
      throws UnknownHostException {
    byte[] octets = new byte[16];
    for (int at = 0; at < octets.length; at++) {
      octets[at] = list.get(at);
    }
    InetAddress address = InetAddress.getByAddress(octets);

    String text = Ipv6Text.of(address);

    assertThat(InetAddress.getByName(text)).isEqualTo(address);
    assertThat(text).hasSizeLessThanOrEqualTo(address.getHostAddress().length());
  }
}
