package org.passerelle.link.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IpPrefixTest {
  private static final IpPrefix PREFIX = IpPrefix.parse("192.0.2.10/24");

  @Test
  void isEqualToItsLike() {
    assertThat(IpPrefix.parse("192.0.2.10/24")).isEqualTo(PREFIX).hasSameHashCodeAs(PREFIX);
  }

  @Test
  void differsByAddressAndByLength() {
    assertThat(PREFIX)
        .isNotEqualTo(IpPrefix.parse("192.0.2.11/24"))
        .isNotEqualTo(IpPrefix.parse("192.0.2.10/25"))
        .isNotEqualTo(IpPrefix.parse("2001:db8::/24"));
  }
}
