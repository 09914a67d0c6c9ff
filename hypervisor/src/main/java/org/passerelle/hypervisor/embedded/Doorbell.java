package org.passerelle.hypervisor.embedded;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An eventfd: the pending bit of one end of an event channel. Its count is the bit, so it needs no
 * memory that both ends could reach, and another process can have either end.
 *
 * <p>The other end may ring from its own thread while this end closes. A descriptor's number is
 * used again at once, and a stray write would then go into somebody's file or device: so callers
 * are counted, and the last one out closes.
 */
final class Doorbell implements AutoCloseable {
  private static final int EFD_CLOEXEC = 0x80000;
  private static final int EFD_NONBLOCK = 0x800;
  private static final int CLOSED = 1 << 31;

  private static final MemorySegment ONE = Arena.global().allocateFrom(JAVA_LONG, 1L);

  /** Where counts are read to. All threads share it: nobody looks at a count. */
  private static final MemorySegment COUNT = Arena.global().allocate(JAVA_LONG);

  private final int descriptor;
  private final AtomicInteger callers = new AtomicInteger();

  Doorbell(String owner) {
    this.descriptor =
        Errno.check(Posix.eventfd(EFD_CLOEXEC | EFD_NONBLOCK), "eventfd for " + owner);
  }

  int descriptor() {
    return descriptor;
  }

  /**
   * Makes the event pending; nothing when closed. A count that is full refuses the write: then the
   * event is pending already.
   */
  void ring() {
    if (enter()) {
      Posix.writeAtOnce(descriptor, ONE);
      leave();
    }
  }

  /** Takes the pending event; false when there was none. */
  boolean take() {
    if (!enter()) {
      return false;
    }
    boolean pending = Posix.readAtOnce(descriptor, COUNT);
    leave();
    return pending;
  }

  @Override
  public void close() {
    if (callers.getAndUpdate(count -> count | CLOSED) == 0) {
      Posix.close(descriptor);
    }
  }

  private boolean enter() {
    int count = callers.get();
    while (count >= 0 && !callers.compareAndSet(count, count + 1)) {
      count = callers.get();
    }
    return count >= 0;
  }

  private void leave() {
    if (callers.decrementAndGet() == CLOSED) {
      Posix.close(descriptor);
    }
  }
}
