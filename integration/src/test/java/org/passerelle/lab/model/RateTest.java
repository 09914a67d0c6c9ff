package org.passerelle.lab.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {

  /** The second row is the example of xl-network-configuration(5). */
  @ParameterizedTest
  @CsvSource({
    "10Mb/s, '62500,50000'",
    "1MB/s@20ms, '20000,20000'",
    "250KB/s, '12500,50000'",
    "1GB/s@1s, '1000000000,1000000'"
  })
  void countsBytesInAnInterval(String text, String stored) {
    assertThat(Rate.parse(text).storeValue()).isEqualTo(stored);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10",
        "10Mb",
        "10mb/s",
        "-1Mb/s",
        "1MB/s@20",
        "0Mb/s",
        "800b/s@500us",
        "99999999999999999GB/s"
      })
  void refusesWhatIsNoRate(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Rate.parse(text));
  }
}
