package org.passerelle.link.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.stream.Stream;
import org.passerelle.link.rtnl.KernelException;

/**
 * The C library's calls on descriptors, for the data path. Each returns what C's does or, where C
 * says -1, the errno negated, as the kernel itself does. No call allocates.
 *
 * <p>Only eventfd's reads and writes are {@code critical} (they keep the garbage collector
 * waiting): they cannot block, and never run the network stack as a tap's write does.
 */
@SuppressWarnings("restricted")
final class NativeIo {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO_CAPTURE = Linker.Option.captureCallState("errno");
  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /** Where a thread's calls leave errno. */
  private static final ThreadLocal<MemorySegment> STATE =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

  // int open(const char *path, int flags, ...);
  private static final MethodHandle OPEN =
      function(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  // int close(int fd);
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  // ssize_t read(int fd, void *buf, size_t count);
  private static final FunctionDescriptor TRANSFER =
      FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle READ = function("read", TRANSFER);
  private static final MethodHandle READ_COUNTER =
      function("read", TRANSFER, Linker.Option.critical(false));
  // ssize_t write(int fd, const void *buf, size_t count);
  private static final MethodHandle WRITE = function("write", TRANSFER);
  private static final MethodHandle WRITE_COUNTER =
      function("write", TRANSFER, Linker.Option.critical(false));
  // int ioctl(int fd, unsigned long request, ...);   with a pointer, and with an integer
  private static final MethodHandle IOCTL_POINTER =
      function(
          "ioctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle IOCTL_VALUE =
      function(
          "ioctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
          Linker.Option.firstVariadicArg(2));

  private NativeIo() {}

  /** A C function whose first argument becomes the place for errno. */
  static MethodHandle function(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker.Option[] all =
        Stream.concat(Stream.of(ERRNO_CAPTURE), Stream.of(options)).toArray(Linker.Option[]::new);
    return LINKER.downcallHandle(address(name), descriptor, all);
  }

  private static MemorySegment address(String name) {
    return LINKER
        .defaultLookup()
        .find(name)
        .orElseThrow(() -> new UnsupportedOperationException("the C library has no " + name));
  }

  /** The calling thread's place for errno. */
  static MemorySegment state() {
    return STATE.get();
  }

  /** A call's result, or its errno negated. */
  static long result(long returned, MemorySegment state) {
    return returned >= 0 ? returned : -(int) ERRNO.get(state, 0L);
  }

  /** What {@link MethodHandle#invokeExact} may throw, and a C function never does. */
  static AssertionError unexpected(Throwable thrown) {
    return new AssertionError("a native call threw", thrown);
  }

  static int open(String path, int flags) {
    MemorySegment state = state();
    try (Arena arena = Arena.ofConfined()) {
      int fd = (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags);
      return (int) result(fd, state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int close(int fd) {
    MemorySegment state = state();
    try {
      return (int) result((int) CLOSE.invokeExact(state, fd), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long read(int fd, MemorySegment buffer, long count) {
    MemorySegment state = state();
    try {
      return result((long) READ.invokeExact(state, fd, buffer, count), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long write(int fd, MemorySegment buffer, long count) {
    MemorySegment state = state();
    try {
      return result((long) WRITE.invokeExact(state, fd, buffer, count), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Reads an eventfd's eight octets. */
  static long readCounter(int fd, MemorySegment counter) {
    MemorySegment state = state();
    try {
      long size = ValueLayout.JAVA_LONG.byteSize();
      return result((long) READ_COUNTER.invokeExact(state, fd, counter, size), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Adds eight octets' number to an eventfd. */
  static long writeCounter(int fd, MemorySegment counter) {
    MemorySegment state = state();
    try {
      long size = ValueLayout.JAVA_LONG.byteSize();
      return result((long) WRITE_COUNTER.invokeExact(state, fd, counter, size), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int ioctl(int fd, long request, MemorySegment argument) {
    MemorySegment state = state();
    try {
      return (int) result((int) IOCTL_POINTER.invokeExact(state, fd, request, argument), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int ioctl(int fd, long request, long argument) {
    MemorySegment state = state();
    try {
      return (int) result((int) IOCTL_VALUE.invokeExact(state, fd, request, argument), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * The exception for a call that failed.
   *
   * @param errno positive
   * @param remedy what to do about it; may be empty
   */
  static KernelException failure(String operation, int errno, String remedy) {
    return new KernelException(operation, errno, Errno.describe(errno), remedy);
  }
}
