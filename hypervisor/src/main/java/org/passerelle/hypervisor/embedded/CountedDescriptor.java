package org.passerelle.hypervisor.embedded;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A descriptor that one thread may use while another closes it. A descriptor's number is used again
 * at once, and a stray write would then go into somebody's file or device: so callers are counted,
 * and the last one out closes.
 */
final class CountedDescriptor implements AutoCloseable {
  private static final int CLOSED = 1 << 31;

  private final int descriptor;
  private final AtomicInteger callers = new AtomicInteger();

  CountedDescriptor(int descriptor) {
    this.descriptor = descriptor;
  }

  int number() {
    return descriptor;
  }

  /** Whether it may be used, until {@link #leave}; false once closed. */
  boolean enter() {
    int count = callers.get();
    while (count >= 0 && !callers.compareAndSet(count, count + 1)) {
      count = callers.get();
    }
    return count >= 0;
  }

  void leave() {
    if (callers.decrementAndGet() == CLOSED) {
      Posix.close(descriptor);
    }
  }

  @Override
  public void close() {
    if (callers.getAndUpdate(count -> count | CLOSED) == 0) {
      Posix.close(descriptor);
    }
  }
}
