package org.passerelle.hypervisor.embedded;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Both ways in which a driver may wait for a descriptor: poll(2), and edge-triggered epoll(7). */
@SuppressWarnings("restricted")
final class Poller implements AutoCloseable {
  private static final int EPOLLIN_EPOLLET = 0x80000001;
  private static final MethodHandle POLL =
      bind("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle EPOLL_WAIT =
      bind("epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment events = arena.allocate(64, 8);
  private final int descriptor;
  private final int epoll = Posix.epollCreate(0);

  Poller(int descriptor) {
    this.descriptor = descriptor;
    events.set(JAVA_INT, 0, EPOLLIN_EPOLLET);
    Errno.check(Posix.epollCtl(epoll, 1, descriptor, events), "epoll_ctl");
  }

  /** Whether the descriptor is readable now. */
  boolean readable() {
    // struct pollfd: int fd, short events, short revents
    events.set(JAVA_INT, 0, descriptor);
    events.set(JAVA_SHORT, 4, (short) 1);
    try {
      return (int) POLL.invokeExact(events, 1, 0) == 1;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Whether it became readable, for a poller that is told of each change once. */
  boolean edge() {
    try {
      return (int) EPOLL_WAIT.invokeExact(epoll, events, 4, 0) == 1;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    Posix.close(epoll);
    arena.close();
  }

  private static MethodHandle bind(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
  }
}
