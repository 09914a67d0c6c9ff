package org.passerelle.netback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.event.EventChannels;
import org.passerelle.link.os.EventFd;
import org.passerelle.netback.testing.Host;
import org.passerelle.netback.testing.TestEvents;

/** What goes wrong on the data plane's thread, and who is told. */
@Timeout(30)
class DataPlaneTest {
  private static final VifKey FIRST = new VifKey(new DomainId(1), 0);
  private static final VifKey SECOND = new VifKey(new DomainId(2), 0);

  private final DataPlane plane = new DataPlane();

  @AfterEach
  void stop() {
    plane.close();
  }

  /** Its port's descriptor is gone before it is detached. */
  @Test
  void aHalfIsDetachedThoughItsDescriptorIsGone() {
    AtomicInteger served = new AtomicInteger();
    EventFd event = new EventFd();
    ScriptedHalf half = new ScriptedHalf(served::incrementAndGet);
    half.descriptor = event.descriptor();
    plane.run(() -> plane.attach(FIRST, half));
    Host.await(() -> "served " + served, () -> served.get() > 0);
    event.close();
    plane.run(() -> plane.detach(FIRST, half));
    plane.run(() -> plane.attach(SECOND, new ScriptedHalf(() -> {})));
    int before = served.get();
    Host.pause(500);
    assertThat(served).hasValue(before);
  }

  /** A half without channels, so that only the sweep calls it. */
  private static final class ScriptedHalf implements Half {
    private final Runnable work;
    private int descriptor = -1;

    ScriptedHalf(Runnable work) {
      this.work = work;
    }

    @Override
    public int doWork() {
      work.run();
      return 0;
    }

    @Override
    public boolean prepareSleep() {
      return false;
    }

    @Override
    public long deadline() {
      return NEVER;
    }

    @Override
    public EventChannels events() {
      return new TestEvents();
    }

    @Override
    public int[] eventPorts() {
      return new int[0];
    }

    @Override
    public int portDescriptor() {
      return descriptor;
    }

    @Override
    public void eventArrived(int port) {
      throw new UnsupportedOperationException("no ports");
    }

    @Override
    public void portReady() {
      throw new UnsupportedOperationException("no descriptor");
    }
  }

  private static void fail() {
    throw new AssertionError("broken");
  }

  @Test
  void anErrorIsToldToWhoAskedAndTheThreadGoesOn() {
    assertThatThrownBy(() -> plane.run(DataPlaneTest::fail))
        .hasRootCauseInstanceOf(AssertionError.class);
    assertThat(plane.<Integer>call(() -> 7)).isEqualTo(7);
  }

  @Test
  void aVifThatFailsStopsNoOther() {
    AtomicInteger failures = new AtomicInteger();
    AtomicInteger served = new AtomicInteger();
    Half failing =
        new ScriptedHalf(
            () -> {
              failures.incrementAndGet();
              fail();
            });
    plane.run(() -> plane.attach(FIRST, failing));
    plane.run(() -> plane.attach(SECOND, new ScriptedHalf(served::incrementAndGet)));
    Host.await(
        () -> failures + " failures, served " + served,
        () -> failures.get() >= 2 && served.get() >= 2);
  }

  /** The thread is busy with a vif when both the command and the end come in. */
  @Test
  void aCommandThatTheEndOvertakesIsRefused() throws InterruptedException {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Half slow =
        new ScriptedHalf(
            () -> {
              busy.countDown();
              awaitSafely(release);
            });
    plane.run(() -> plane.attach(FIRST, slow));
    busy.await();
    CompletableFuture<Void> asked = new CompletableFuture<>();
    Thread asking = Thread.ofPlatform().start(() -> finish(asked, () -> plane.run(() -> {})));
    awaitWaiting(asking);
    Thread closing = Thread.ofPlatform().start(plane::close);
    awaitWaiting(closing);
    release.countDown();
    assertThatThrownBy(() -> asked.get(5, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("the data plane is closed");
    assertThatThrownBy(() -> plane.run(() -> {})).hasMessage("the data plane is closed");
  }

  private static void finish(CompletableFuture<Void> result, Runnable work) {
    try {
      work.run();
      result.complete(null);
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  private static void awaitSafely(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitWaiting(Thread thread) {
    Host.await(thread::toString, () -> thread.getState() == Thread.State.WAITING);
  }
}
