package org.passerelle.toolstack;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.passerelle.hypervisor.xenstore.XenStore;

/** Waits for a node of the store to have a value. */
final class StateWait {
  private StateWait() {}

  /**
   * Waits until the node's value, empty while it is absent, satisfies {@code wanted}.
   *
   * @return the last value seen, whether it satisfies or not
   */
  static Optional<String> until(
      XenStore store, String path, Predicate<Optional<String>> wanted, Duration timeout)
      throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    Semaphore changes = new Semaphore(0);
    try (XenStore.Watch _ = store.watch(path, "toolstack:" + path, event -> changes.release())) {
      Optional<String> value = store.readIfPresent(path);
      while (!wanted.test(value)) {
        long left = end - System.nanoTime();
        if (left <= 0 || !changes.tryAcquire(left, TimeUnit.NANOSECONDS)) {
          return store.readIfPresent(path);
        }
        changes.drainPermits();
        value = store.readIfPresent(path);
      }
      return value;
    }
  }
}
