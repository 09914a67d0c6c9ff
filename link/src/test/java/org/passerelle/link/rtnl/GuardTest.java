package org.passerelle.link.rtnl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardTest {
  /** As the kernel may give them back. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "udp sport != { 67, 547 } drop      | udp sport != { 547, 67 } drop",
        "a { c . d, a . b } b { 2, 1 } drop | a { a . b, c . d } b { 1, 2 } drop",
        "ether type 0x8100 drop             | ether type 0x8100 drop",
        "ip saddr { 192.0.2.1 } accept      | ip saddr { 192.0.2.1 } accept"
      })
  void aSetsElementsAreInTheOrderOfTheirLetters(String rule, String sorted) {
    assertThat(new Guard("vif1.0", List.of(rule)).rules()).containsExactly(sorted);
  }
}
