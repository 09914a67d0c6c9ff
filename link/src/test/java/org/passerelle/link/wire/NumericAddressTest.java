package org.passerelle.link.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;

/** Which texts are taken for addresses, told by regular expressions. */
class NumericAddressTest {
  @Property
  void macAddress(
      @ForAll @StringLength(min = 15, max = 18) @Chars({'0', 'f', 'A', ':', 'g'}) String any,
      @ForAll @StringLength(min = 2, max = 2) @Chars({'0', '9', 'a', 'F', 'g'}) String octet) {
    for (String text :
        new String[] {any, String.join(":", octet, octet, octet, "00", "1b", octet)}) {
      boolean expected = text.matches("([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}");

      Throwable refusal = catchThrowable(() -> MacAddress.parse(text));

      assertThat(refusal == null).as(text).isEqualTo(expected);
    }
  }

  @Property
  void ipv4Address(@ForAll @StringLength(max = 11) @Chars({'0', '1', '.', 'x'}) String text) {
    boolean expected = text.matches("\\d{1,3}(\\.\\d{1,3}){3}");

    Throwable refusal = catchThrowable(() -> IpPrefix.address(text));

    assertThat(refusal == null).as(text).isEqualTo(expected);
  }

  /**
   * What has these letters only and is no address is refused by the JDK: the refusal has a cause.
   */
  @Property
  void ipv6Address(@ForAll @StringLength(max = 9) @Chars({'0', 'a', '.', ':', 'x'}) String text) {
    Throwable refusal = catchThrowable(() -> IpPrefix.address("1:" + text));

    boolean asked = refusal == null || refusal.getCause() != null;
    assertThat(asked).as(text).isEqualTo(text.matches("[0-9A-Fa-f:.]*"));
  }
}
