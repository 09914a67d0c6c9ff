package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
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

  @Test
  void oneThatNeverStartedIsClosedAsWell() throws IOException {
    thread.close();
    long before = pollers();
    new PollerThread("test", "the test's thread", () -> -1, () -> {}).close();
    assertThat(pollers()).isEqualTo(before);
    assertThatThrownBy(thread::start).hasMessage("the test's thread is closed");
  }

  @Test
  void doesNothingBeforeItsStart() {
    assertThatThrownBy(() -> thread.run(() -> {}))
        .hasMessage("the test's thread has not been started");
    thread.start();
    assertThat(thread.<Integer>call(() -> 7)).isEqualTo(7);
  }

  @Test
  void isStartedOnce() {
    thread.start();
    assertThatThrownBy(thread::start).isInstanceOf(IllegalStateException.class);
    assertThat(thread.<Integer>call(() -> 7)).isEqualTo(7);
  }

  @Test
  void mayStopItself() throws IOException {
    long before = pollers();
    thread.start();
    thread.run(thread::close);
    thread.close();
    assertThat(pollers()).isEqualTo(before - 1);
  }

  private static long pollers() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(PollerThreadTest::isPoller).count();
    }
  }

  private static boolean isPoller(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().equals("anon_inode:[eventpoll]");
    } catch (IOException e) {
      return false; // the listing's own
    }
  }

  private void work(CountDownLatch busy) {
    busy.countDown();
    LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    done.set(true);
  }
}
