package org.passerelle.link.os;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A counter with a descriptor (eventfd(2)), non-blocking: wakes a thread that waits for
 * descriptors. Any thread may {@link #signal}; one clears.
 */
public final class EventFd implements AutoCloseable {
  private static final int EFD_NONBLOCK = 0x800;
  private static final int EFD_CLOEXEC = 0x8_0000;

  // int eventfd(unsigned int initval, int flags);
  private static final MethodHandle EVENTFD =
      NativeIo.function("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

  private final int fd;
  private final MemorySegment one = Arena.ofAuto().allocate(JAVA_LONG);
  private final MemorySegment counter = Arena.ofAuto().allocate(JAVA_LONG);

  /** Throws KernelException when there are no more descriptors. */
  public EventFd() {
    fd = open();
    one.set(JAVA_LONG, 0, 1);
  }

  private static int open() {
    MemorySegment state = NativeIo.state();
    int fd;
    try {
      int returned = (int) EVENTFD.invokeExact(state, 0, EFD_NONBLOCK | EFD_CLOEXEC);
      fd = (int) NativeIo.result(returned, state);
    } catch (Throwable e) {
      throw NativeIo.unexpected(e);
    }
    if (fd < 0) {
      throw NativeIo.failure("make an eventfd", -fd, Remedies.DESCRIPTORS);
    }
    return fd;
  }

  /** Polls readable from a {@link #signal} to the next {@link #clear}. */
  public int descriptor() {
    return fd;
  }

  /** Wakes whoever waits. A counter that is full wakes as well, so there is nothing to fail. */
  public void signal() {
    NativeIo.writeCounter(fd, one);
  }

  /** Takes the signals away; true when there was one. */
  public boolean clear() {
    return NativeIo.readCounter(fd, counter) > 0;
  }

  /** No other thread may be using it still. */
  @Override
  public void close() {
    NativeIo.close(fd);
  }
}
