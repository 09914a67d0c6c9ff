package org.passerelle.natroute;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.link.rtnl.DhcpHost;

/** What guests are called by DHCP. */
class GuestNameTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "web|0|web",
        "web|1|web-2",
        "Web_1.example.org|0|Web-1-example-org",
        "'--a--'|0|a",
        "''|0|dom7",
        "'...'|2|dom7-3",
        "ignore|0|dom7",
        "600|0|dom7",
        "12h|1|dom7-2",
        "'a\nhost b { }'|0|a-host-b",
        "'x,10.0.0.1'|0|x-10-0-0-1"
      })
  void isTheDomainsAsFarAsCanBe(String domain, int handle, String name) {
    assertThat(GuestName.of(domain, 7, handle)).isEqualTo(name);
  }

  @Property
  void isAlwaysAName(
      @ForAll String domain,
      @ForAll @IntRange(max = 65535) int number,
      @ForAll @IntRange(max = 254) int handle) {
    assertThat(DhcpHost.isName(GuestName.of(domain, number, handle))).isTrue();
  }

  @Property
  void isCutToFit(@ForAll @IntRange(min = 1, max = 200) int length) {
    String name = GuestName.of("a".repeat(length), 7, 9);
    assertThat(name).hasSize(Math.min(63, length + 3)).endsWith("-10");
    assertThat(DhcpHost.isName(name)).isTrue();
  }
}
