package org.passerelle.hypervisor.ring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two threads on one ring, asleep whenever there is nothing to do and woken only by what the
 * hold-off lets through: a slot read too early spoils a value, a lost wake-up hangs the test.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingStressTest {
  private static final int MESSAGES = 3_000_000;
  private static final int START = 0xfffffff0;

  private final Semaphore frontEvent = new Semaphore(0);
  private final Semaphore backEvent = new Semaphore(0);

  @Test
  void everyMessageComesThroughOnceAndWhole() throws Exception {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment page = arena.allocate(4096, 4096);
      FrontRing front = FrontRing.createAt(page, 12, START);
      BackRing back = BackRing.attach(page, 12);
      Backend backend = new Backend(back, arena.allocate(16, 8));
      Thread thread = Thread.ofPlatform().daemon().name("backend").start(backend);

      long wrong = runFrontend(front, arena.allocate(16, 8));

      thread.join();
      assertThat(wrong).as("spoilt responses").isZero();
      assertThat(backend.wrong).as("spoilt requests").isZero();
      assertThat(backend.answered).isEqualTo(MESSAGES);
    }
  }

  private long runFrontend(FrontRing front, MemorySegment scratch) throws InterruptedException {
    long wrong = 0;
    int sent = 0;
    int received = 0;
    while (received < MESSAGES) {
      int burst = Math.min(front.freeRequests(), Math.min(1 + sent % 7, MESSAGES - sent));
      for (int i = 0; i < burst; i++) {
        int index = front.produceRequest();
        long at = front.slot(index);
        front.page().set(JAVA_INT, at, index);
        front.page().set(JAVA_INT, at + 4, ~index);
        front.page().set(JAVA_INT, at + 8, index * 31);
      }
      sent += burst;
      if (burst > 0 && front.pushRequests()) {
        backEvent.release();
      }
      for (int waiting = front.unconsumedResponses(); waiting > 0; waiting--) {
        int index = front.consumeResponse(scratch);
        wrong += scratch.get(JAVA_INT, 0) == ~index ? 0 : 1;
        received++;
      }
      boolean mustWait = front.freeRequests() == 0 || sent == MESSAGES;
      if (received < MESSAGES && mustWait && !front.finalCheckForResponses()) {
        frontEvent.acquire();
      }
    }
    return wrong;
  }

  private final class Backend implements Runnable {
    private final BackRing back;
    private final MemorySegment scratch;
    long wrong;
    int answered;

    Backend(BackRing back, MemorySegment scratch) {
      this.back = back;
      this.scratch = scratch;
    }

    @Override
    public void run() {
      while (answered < MESSAGES) {
        for (int waiting = back.unconsumedRequests(); waiting > 0; waiting--) {
          int index = back.consumeRequest(scratch);
          wrong += isWhole(index) ? 0 : 1;
          back.page().set(JAVA_INT, back.slot(back.produceResponse()), ~index);
          answered++;
        }
        if (back.pushResponses()) {
          frontEvent.release();
        }
        if (answered < MESSAGES && !back.finalCheckForRequests()) {
          awaitEvent();
        }
      }
    }

    private boolean isWhole(int index) {
      return scratch.get(JAVA_INT, 0) == index
          && scratch.get(JAVA_INT, 4) == ~index
          && scratch.get(JAVA_INT, 8) == index * 31;
    }

    private void awaitEvent() {
      try {
        if (!backEvent.tryAcquire(60, TimeUnit.SECONDS)) {
          throw new IllegalStateException("no event within a minute after " + answered);
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /**
   * A frontend that pushes its next request at the very moment at which the backend goes to sleep:
   * without the fences between storing and loading, each misses the other's store, sooner or later.
   */
  @Test
  void noWakeUpIsLostBetweenPushAndSleep() throws Exception {
    int rounds = 1_000_000;
    try (Arena arena = Arena.ofShared()) {
      MemorySegment page = arena.allocate(4096, 4096);
      FrontRing front = FrontRing.createAt(page, 12, START);
      Sleeper sleeper = new Sleeper(BackRing.attach(page, 12), arena.allocate(16, 8), rounds);
      Thread thread = Thread.ofPlatform().daemon().name("sleeper").start(sleeper);
      MemorySegment scratch = arena.allocate(16, 8);
      for (int round = 0; round < rounds && !sleeper.lost; round++) {
        front.produceRequest();
        if (front.pushRequests()) {
          sleeper.event = true;
        }
        while (front.unconsumedResponses() == 0 && !sleeper.lost) {
          Thread.onSpinWait();
        }
        if (!sleeper.lost) {
          front.consumeResponse(scratch);
        }
      }
      thread.join();
      assertThat(sleeper.lost).as("a wake-up was lost after " + sleeper.answered).isFalse();
      assertThat(sleeper.answered).isEqualTo(rounds);
    }
  }

  /** Answers each request, then waits for an event and for nothing else. */
  private static final class Sleeper implements Runnable {
    private static final long PATIENCE = 3_000_000_000L;

    private final BackRing back;
    private final MemorySegment scratch;
    private final int rounds;
    volatile boolean event;
    volatile boolean lost;
    int answered;

    Sleeper(BackRing back, MemorySegment scratch, int rounds) {
      this.back = back;
      this.scratch = scratch;
      this.rounds = rounds;
    }

    @Override
    public void run() {
      while (answered < rounds && !lost) {
        for (int waiting = back.unconsumedRequests(); waiting > 0; waiting--) {
          back.consumeRequest(scratch);
          back.produceResponse();
          answered++;
        }
        back.pushResponses();
        if (answered < rounds && !back.finalCheckForRequests()) {
          lost = !awaitEvent();
        }
      }
    }

    private boolean awaitEvent() {
      long start = System.nanoTime();
      for (long spin = 1; !event; spin++) {
        Thread.onSpinWait();
        if (spin % 1_000_000 == 0 && System.nanoTime() - start > PATIENCE) {
          return false;
        }
      }
      event = false;
      return true;
    }
  }
}
