package org.passerelle.hypervisor.embedded;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.passerelle.hypervisor.HypervisorException;

/**
 * An eventfd: the pending bit of one end of an event channel. Its count is the bit, so it needs no
 * memory that both ends could reach, and another process can have either end. The other end may
 * ring from its own thread while this end closes.
 *
 * <p>Where another process writes it, that process can make it a blocking one: reading asks the
 * kernel each time not to wait. Ringing cannot ask for that, so what another process holds is never
 * rung here.
 */
final class Doorbell implements AutoCloseable {
  private static final int EFD_CLOEXEC = 0x80000;
  private static final int EFD_NONBLOCK = 0x800;
  private static final int F_DUPFD_CLOEXEC = 1030;

  private static final MemorySegment ONE = Arena.global().allocateFrom(JAVA_LONG, 1L);

  /** Where counts are read to. All threads share it: nobody looks at a count. */
  private static final MemorySegment COUNT = Arena.global().allocate(JAVA_LONG);

  /** {@code struct iovec}: where, and how much. */
  private static final MemorySegment TO_COUNT =
      Arena.global().allocateFrom(JAVA_LONG, COUNT.address(), COUNT.byteSize());

  private final CountedDescriptor descriptor;

  private Doorbell(int descriptor) {
    this.descriptor = new CountedDescriptor(descriptor);
  }

  /** A new one, not rung. */
  static Doorbell of(String owner) {
    int descriptor =
        Errno.check(Posix.eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd for " + owner);
    Doorbell made = new Doorbell(descriptor);
    if (!made.take()) {
      made.close();
      throw new HypervisorException(
          "preadv2(RWF_NOWAIT) of the eventfd for " + owner + ": Linux 5.8 or newer is needed", 0);
    }
    return made;
  }

  /** One that another process has made; takes the descriptor over. */
  static Doorbell lent(int descriptor) {
    return new Doorbell(descriptor);
  }

  /** The same eventfd with a life of its own: it can be taken here when its owner has closed it. */
  Doorbell duplicate(String owner) {
    return new Doorbell(
        Errno.check(
            Posix.fcntl(descriptor(), F_DUPFD_CLOEXEC, 0), "fcntl(F_DUPFD_CLOEXEC) for " + owner));
  }

  int descriptor() {
    return descriptor.number();
  }

  /**
   * Makes the event pending; nothing when closed. A count that is full refuses the write: then the
   * event is pending already.
   */
  void ring() {
    if (descriptor.enter()) {
      Posix.writeAtOnce(descriptor.number(), ONE);
      descriptor.leave();
    }
  }

  /** Takes the pending event; false when there was none. Never blocks. */
  boolean take() {
    if (!descriptor.enter()) {
      return false;
    }
    boolean pending = Posix.readAtOnce(descriptor.number(), TO_COUNT);
    descriptor.leave();
    return pending;
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
