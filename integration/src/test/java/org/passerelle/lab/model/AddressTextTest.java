package org.passerelle.lab.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.link.wire.IpPrefix;

class AddressTextTest {

  /** RFC 5952, sections 4.1 to 4.3. */
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "2001:0db8::0001, 2001:db8::1",
    "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "::, ::",
    "::1, ::1",
    "fe80::, fe80::"
  })
  void writesTheShortForm(String text, String shortForm) {
    assertThat(AddressText.of(IpPrefix.address(text))).isEqualTo(shortForm);
  }

  @Property
  void canBeReadAgain(@ForAll @Size(16) byte[] octets) throws Exception {
    // The JDK reads ::ffff:a.b.c.d as IPv4.
    octets[0] |= 0x20;
    InetAddress address = InetAddress.getByAddress(octets);
    assertThat(IpPrefix.address(AddressText.of(address))).isEqualTo(address);
  }
}
