package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PollerThreadTest {
  private final AtomicInteger rounds = new AtomicInteger();
  private final AtomicBoolean done = new AtomicBoolean();
  private final PollerThread thread =
      new PollerThread("test", "the test's thread", () -> -1, rounds::incrementAndGet);

  @AfterEach
  void stop() {
    thread.close();
  }

  @Test
  void runsCommandsAndWorksAfterEach() {
    thread.start();
    assertThat(thread.<Integer>call(() -> 7)).isEqualTo(7);
    assertThat(thread.<Integer>call(() -> thread.call(() -> 8))).isEqualTo(8);
    thread.run(() -> {});
    assertThat(rounds.get()).isPositive();
  }

  @Test
  void whoeverStopsItWaitsAlsoWhenInterrupted() throws InterruptedException {
    thread.start();
    CountDownLatch busy = new CountDownLatch(1);
    Thread.ofPlatform().daemon().start(() -> thread.run(() -> work(busy)));
    busy.await();
    Thread.currentThread().interrupt();
    thread.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(done).isTrue();
    assertThatThrownBy(() -> thread.run(() -> {})).hasMessage("the test's thread is closed");
  }

  private void work(CountDownLatch busy) {
    busy.countDown();
    LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    done.set(true);
  }
}
