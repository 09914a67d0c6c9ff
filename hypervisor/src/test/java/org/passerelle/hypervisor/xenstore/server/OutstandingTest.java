package org.passerelle.hypervisor.xenstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.SingleThreadIoEventLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.passerelle.hypervisor.xenstore.tree.Quotas;
import org.passerelle.hypervisor.xenstore.tree.Store;
import org.passerelle.hypervisor.xenstore.wire.XsStrings;
import org.passerelle.hypervisor.xenstore.wire.XsType;

/** A guest with many threads does not fill the store's queue. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class OutstandingTest {
  private static final int THREADS = 50;
  private static final int OUTSTANDING = Quotas.DEFAULT.outstanding();

  private final OwnerThread owner = new OwnerThread();

  @AfterEach
  void stop() {
    owner.shutDown();
  }

  @Test
  void furtherRequestsWaitAndAreAnsweredLater() throws InterruptedException {
    DomainTable domains = new DomainTable(new Store(Quotas.DEFAULT));
    domains.introduce(5);
    LocalExchange guest = new LocalExchange(owner, new RequestHandler(domains), domains, 5);
    CountDownLatch busy = new CountDownLatch(1);
    SingleThreadIoEventLoop loop = (SingleThreadIoEventLoop) owner.group().next();
    loop.execute(() -> awaitQuietly(busy));
    AtomicInteger answered = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      threads.add(Thread.startVirtualThread(() -> ask(guest, answered)));
    }
    while (loop.pendingTasks() < OUTSTANDING) {
      Thread.sleep(1);
    }
    Thread.sleep(100); // Time for more to come, were there no bound.
    assertThat(loop.pendingTasks()).isEqualTo(OUTSTANDING);
    busy.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(answered).hasValue(THREADS);
  }

  private static void ask(LocalExchange guest, AtomicInteger answered) {
    try {
      guest.call(XsType.GET_DOMAIN_PATH, 0, XsStrings.join("5"));
      answered.incrementAndGet();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
