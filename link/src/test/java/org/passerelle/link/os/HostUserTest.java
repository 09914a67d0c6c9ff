package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostUserTest {

  @ParameterizedTest(name = "{0} of {1} is {2}, root: {3}")
  @CsvSource({
    "0, '         0          0 4294967295', 0, true",
    "1000, '         0          0 4294967295', 1000, false",
    "0, '         0       1000          1', 1000, false",
    "5, '0 1000 1\\n1 100000 65536', 100004, false",
    "0, '0 0 1', 0, false",
    "7, '0 1000 1', 7, false"
  })
  void isWhoItIsOutside(long inside, String map, long outside, boolean root) {
    String lines = map.replace("\\n", "\n");
    assertThat(HostUser.of(inside, lines)).isEqualTo(new HostUser(outside, root));
  }
}
