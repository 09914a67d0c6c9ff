package org.passerelle.scripts.trunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetriesTest {
  /** About to wrap. */
  private long now = Long.MAX_VALUE - 5;

  private final Retries retries = new Retries(() -> now);

  private void pass(long millis) {
    now += millis * 1_000_000;
  }

  @Test
  void whileNothingIsRefusedNothingIsTried() {
    assertThat(retries.isTime(false)).isFalse();
    pass(3_600_000);
    assertThat(retries.isTime(false)).isFalse();
    assertThat(retries.timeoutMillis()).isEqualTo(-1);
  }

  @Test
  void thePausesGrowToSomeSeconds() {
    assertThat(retries.isTime(true)).isFalse();
    List<Integer> pauses = new ArrayList<>();
    for (int tries = 0; tries < 8; tries++) {
      int pause = retries.timeoutMillis() - 1;
      pass(pause - 1);
      assertThat(retries.isTime(true)).isFalse();
      pass(1);
      assertThat(retries.isTime(true)).isTrue();
      assertThat(retries.isTime(true)).isFalse();
      pauses.add(pause);
    }
    assertThat(pauses).containsExactly(1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000, 8_000);
  }

  @Test
  void afterASuccessTheyAreShortAgain() {
    for (int seconds = 0; seconds < 100; seconds++) {
      retries.isTime(true);
      pass(1_000);
    }
    retries.isTime(false);
    assertThat(retries.timeoutMillis()).isEqualTo(-1);
    retries.isTime(true);
    assertThat(retries.timeoutMillis()).isEqualTo(1_001);
  }
}
