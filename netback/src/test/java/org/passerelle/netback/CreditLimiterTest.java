package org.passerelle.netback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CreditLimiterTest {
  private static final long MILLI = 1_000_000;

  private final AtomicLong now = new AtomicLong(5 * MILLI);

  private CreditLimiter limiter(long bytes, long micros) {
    return new CreditLimiter(new Rate(bytes, micros), now::get);
  }

  @Test
  void aPeriodsWorthIsThereAtTheStart() {
    CreditLimiter limiter = limiter(3000, 50_000);
    assertThat(limiter.take(1500)).isTrue();
    assertThat(limiter.take(1500)).isTrue();
    assertThat(limiter.take(1)).isFalse();
  }

  @Test
  void creditComesWhenThePeriodIsOver() {
    CreditLimiter limiter = limiter(3000, 50_000);
    limiter.take(3000);
    assertThat(limiter.nextRefill()).isEqualTo(55 * MILLI);
    now.set(55 * MILLI - 1);
    assertThat(limiter.take(1500)).isFalse();
    now.set(55 * MILLI);
    assertThat(limiter.take(1500)).isTrue();
    assertThat(limiter.nextRefill()).isEqualTo(105 * MILLI);
  }

  @Test
  void theLongestFrameComesThroughAtALowRateInTime() {
    CreditLimiter limiter = limiter(10_000, 50_000);
    int periods = 0;
    while (!limiter.take(65_535)) {
      now.set(limiter.nextRefill());
      periods++;
    }
    assertThat(periods).isEqualTo(6);
  }

  @Test
  void anIdleGuestSavesNoMoreThanTheBurst() {
    CreditLimiter limiter = limiter(10_000, 50_000);
    for (int i = 0; i < 100; i++) {
      now.set(limiter.nextRefill());
      limiter.take(131_072);
    }
    assertThat(limiter.take(131_072)).as("was taken when it was reached").isFalse();
    assertThat(limiter.take(120_000)).isFalse();
  }

  @Test
  void aBigPeriodsWorthIsTheBurst() {
    CreditLimiter limiter = limiter(1_000_000, 50_000);
    now.addAndGet(10_000 * MILLI);
    int taken = 0;
    while (limiter.take(1000)) {
      taken++;
    }
    assertThat(taken).as("what was there, and one refill").isEqualTo(2000);
  }

  @Test
  void aLowerRateTakesCreditAway() {
    CreditLimiter limiter = limiter(100_000, 50_000);
    limiter.rate(new Rate(2000, 50_000));
    assertThat(limiter.take(2001)).isFalse();
    assertThat(limiter.take(2000)).isTrue();
  }

  @Test
  void withoutARateNothingWaits() {
    CreditLimiter limiter = new CreditLimiter(Rate.UNLIMITED, now::get);
    for (int i = 0; i < 1000; i++) {
      assertThat(limiter.take(65_535)).isTrue();
    }
  }

  @Property
  void overALongTimeTheRateIsKept(
      @ForAll @IntRange(min = 1000, max = 200_000) int bytes,
      @ForAll @IntRange(min = 14, max = 65_535) int frame) {
    now.set(0);
    CreditLimiter limiter = limiter(bytes, 50_000);
    long taken = 0;
    for (long time = 0; time < 10_000 * MILLI; time += 5 * MILLI) {
      now.set(time);
      while (limiter.take(frame)) {
        taken += frame;
      }
    }
    long periods = 200;
    // What does not fit under the burst is lost, each time less than a frame.
    long each = bytes + frame <= 131_072 ? bytes : Math.max(0, bytes - frame);
    assertThat(taken).isLessThanOrEqualTo((periods + 1) * bytes + 131_072L);
    assertThat(taken).isGreaterThanOrEqualTo((periods - 10) * each - 131_072L);
  }

  @ParameterizedTest
  @CsvSource({
    "'1000,50000', 1000, 50000",
    "'1,0', 1, 0",
    "'18446744073709551615,1', 9223372036854775, 1",
  })
  void aRateIsBytesAndMicroseconds(String text, long bytes, long micros) {
    assertThat(Rate.parse(text)).contains(new Rate(bytes, micros));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1000", "1000,", ",5", "-1,5", "1000,5x", "0,50000", " 1,2", "1,2,3"})
  void whatIsNoRateIsNone(String text) {
    assertThat(Rate.parse(text)).isEmpty();
  }
}
