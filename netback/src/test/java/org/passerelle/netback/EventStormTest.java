package org.passerelle.netback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventStormTest {
  private final AtomicLong now = new AtomicLong();
  private final EventStorm storm = new EventStorm(now::get);

  private boolean spurious() {
    storm.event();
    return storm.judge(0);
  }

  private void tolerate() {
    for (int i = 0; i < 64; i++) {
      assertThat(spurious()).as("event " + i).isFalse();
    }
  }

  @Test
  void aFewEventsForNothingAreTolerated() {
    tolerate();
    assertThat(spurious()).isTrue();
    assertThat(storm.quietUntil()).isEqualTo(1_000_000);
  }

  @Test
  void workInBetweenForgivesThem() {
    tolerate();
    storm.judge(1);
    tolerate();
  }

  @Test
  void lookingWithoutAnEventIsNoFault() {
    for (int i = 0; i < 1000; i++) {
      assertThat(storm.judge(0)).isFalse();
    }
    assertThat(storm.quietUntil()).isEqualTo(Half.NEVER);
  }

  @Test
  void theQuietTimeDoublesUpToASecond() {
    tolerate();
    long last = 0;
    for (int i = 0; i < 20; i++) {
      assertThat(spurious()).isTrue();
      long quiet = storm.quietUntil() - now.get();
      assertThat(quiet).isEqualTo(Math.min(1_024_000_000L, last == 0 ? 1_000_000 : 2 * last));
      last = quiet;
      assertThat(storm.over()).isFalse();
      now.set(storm.quietUntil());
      assertThat(storm.over()).isTrue();
      assertThat(storm.over()).isFalse();
    }
  }
}
