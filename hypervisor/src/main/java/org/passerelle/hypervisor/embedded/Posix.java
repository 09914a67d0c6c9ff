package org.passerelle.hypervisor.embedded;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The few functions of the C library that this package needs, in C's vocabulary. What returns
 * {@code -1} in C returns {@code -errno} here; nothing throws.
 */
@SuppressWarnings("restricted")
final class Posix {
  static final int PROT_READ = 1;
  static final int PROT_WRITE = 2;

  private static final int MAP_SHARED = 1;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final VarHandle ERRNO_FIELD =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /** {@code int memfd_create(const char *name, unsigned int flags)}. */
  private static final MethodHandle MEMFD_CREATE =
      bind("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), ERRNO);

  /** {@code int ftruncate(int fd, off_t length)}. */
  private static final MethodHandle FTRUNCATE =
      bind("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG), ERRNO);

  /** {@code int fcntl(int fd, int cmd, ...)}. */
  private static final MethodHandle FCNTL =
      bind(
          "fcntl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
          ERRNO,
          Linker.Option.firstVariadicArg(2));

  /** {@code void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset)}. */
  private static final MethodHandle MMAP =
      bind(
          "mmap",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG),
          ERRNO);

  /** {@code int munmap(void *addr, size_t len)}. */
  private static final MethodHandle MUNMAP =
      bind("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG), ERRNO);

  /** {@code int close(int fd)}. */
  private static final MethodHandle CLOSE =
      bind("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), ERRNO);

  /** {@code int eventfd(unsigned int initval, int flags)}. */
  private static final MethodHandle EVENTFD =
      bind("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), ERRNO);

  /** {@code int epoll_create1(int flags)}. */
  private static final MethodHandle EPOLL_CREATE1 =
      bind("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT), ERRNO);

  /** {@code int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)}. */
  private static final MethodHandle EPOLL_CTL =
      bind(
          "epoll_ctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS),
          ERRNO);

  /**
   * {@code ssize_t write(int fd, const void *buf, size_t count)}, for descriptors that never block
   * only: the thread stays in Java, which makes the call about half as dear again as C's.
   */
  private static final MethodHandle WRITE_AT_ONCE = bindAtOnce("write");

  /**
   * {@code ssize_t preadv2(int fd, const struct iovec *iov, int iovcnt, off_t offset, int flags)},
   * likewise: RWF_NOWAIT sees to it, whatever the descriptor's own flags are.
   */
  private static final MethodHandle PREADV2_AT_ONCE =
      bind(
          "preadv2",
          FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_INT),
          Linker.Option.critical(false));

  private static final int RWF_NOWAIT = 8;

  /** preadv2's offset for what has no position. */
  private static final long NO_POSITION = -1;

  /** {@code int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout)}. */
  private static final MethodHandle EPOLL_WAIT_AT_ONCE =
      bind(
          "epoll_wait",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
          Linker.Option.critical(false));

  private Posix() {}

  static int memfdCreate(String name, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int fd = (int) MEMFD_CREATE.invokeExact(state, arena.allocateFrom(name), flags);
      return result(fd, state);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int ftruncate(int fd, long length) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      return result((int) FTRUNCATE.invokeExact(state, fd, length), state);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int fcntl(int fd, int command, int argument) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      return result((int) FCNTL.invokeExact(state, fd, command, argument), state);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** A shared mapping at an address of the kernel's choice. */
  static long mmap(long length, int protection, int fd, long offset) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long address = (long) MMAP.invokeExact(state, 0L, length, protection, MAP_SHARED, fd, offset);
      return address == -1 ? -errno(state) : address;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int munmap(long address, long length) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      return result((int) MUNMAP.invokeExact(state, address, length), state);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int close(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      return result((int) CLOSE.invokeExact(state, fd), state);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int eventfd(int count, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      return result((int) EVENTFD.invokeExact(state, count, flags), state);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int epollCreate(int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      return result((int) EPOLL_CREATE1.invokeExact(state, flags), state);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int epollCtl(int epoll, int operation, int fd, MemorySegment event) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      return result((int) EPOLL_CTL.invokeExact(state, epoll, operation, fd, event), state);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Writes to a descriptor that never blocks; false when it wrote nothing. */
  static boolean writeAtOnce(int fd, MemorySegment bytes) {
    try {
      return (long) WRITE_AT_ONCE.invokeExact(fd, bytes, bytes.byteSize()) > 0;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /**
   * Reads what there is; false when there is nothing, or the kernel cannot read without waiting.
   *
   * @param vector one {@code struct iovec}
   */
  static boolean readAtOnce(int fd, MemorySegment vector) {
    try {
      return (long) PREADV2_AT_ONCE.invokeExact(fd, vector, 1, NO_POSITION, RWF_NOWAIT) > 0;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Takes one event, when there is one. */
  static boolean epollTake(int epoll, MemorySegment event) {
    try {
      return (int) EPOLL_WAIT_AT_ONCE.invokeExact(epoll, event, 1, 0) > 0;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** A function that says by errno how it failed: its first argument is a {@link #state}. */
  static MethodHandle bind(String name, FunctionDescriptor type) {
    return bind(name, type, ERRNO);
  }

  private static MethodHandle bind(String name, FunctionDescriptor type, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
  }

  private static MethodHandle bindAtOnce(String name) {
    return bind(
        name,
        FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG),
        Linker.Option.critical(false));
  }

  /** Where a function leaves its errno. */
  static MemorySegment state(Arena arena) {
    return arena.allocate(STATE);
  }

  static int result(int returned, MemorySegment state) {
    return returned == -1 ? -errno(state) : returned;
  }

  private static int errno(MemorySegment state) {
    return (int) ERRNO_FIELD.get(state, 0L);
  }

  /** A call through a handle of the right type throws nothing but the virtual machine's errors. */
  static RuntimeException impossible(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
  }
}
