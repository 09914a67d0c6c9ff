package org.passerelle.lab.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCountTest {

  @ParameterizedTest
  @CsvSource({
    "2, 2, true", "2, 3, false", "== 2, 2, true", ">= 2, 2, true", ">= 2, 1, false",
    "<= 2, 3, false", "<=2, 2, true", "> 2, 2, false", "< 2, 1, true", "=2, 1, false"
  })
  void accepts(String text, int count, boolean accepted) {
    assertThat(FrameCount.parse(text).orElseThrow().accepts(count)).isEqualTo(accepted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "many", "=> 2", "-1", "2.5"})
  void isEmptyForWhatIsNoCount(String text) {
    assertThat(FrameCount.parse(text)).isEmpty();
  }
}
