package org.passerelle.hypervisor.embedded;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The C library's socket functions, as {@link Posix} has the others: what returns {@code -1} in C
 * returns {@code -errno} here. A call that a signal interrupts is made again.
 */
final class PosixSockets {
  private static final int EINTR = 4;

  /** {@code int socket(int domain, int type, int protocol)}. */
  private static final MethodHandle SOCKET =
      Posix.bind("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));

  /** {@code int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen)}. */
  private static final MethodHandle BIND =
      Posix.bind("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));

  /** {@code int listen(int sockfd, int backlog)}. */
  private static final MethodHandle LISTEN =
      Posix.bind("listen", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

  /** {@code int accept4(int sockfd, struct sockaddr *addr, socklen_t *addrlen, int flags)}. */
  private static final MethodHandle ACCEPT4 =
      Posix.bind("accept4", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));

  /** {@code int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen)}. */
  private static final MethodHandle CONNECT =
      Posix.bind("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));

  /** {@code int shutdown(int sockfd, int how)}. */
  private static final MethodHandle SHUTDOWN =
      Posix.bind("shutdown", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

  /** {@code int setsockopt(int sockfd, int level, int name, const void *value, socklen_t len)}. */
  private static final MethodHandle SETSOCKOPT =
      Posix.bind(
          "setsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));

  /** {@code ssize_t sendmsg(int sockfd, const struct msghdr *msg, int flags)}. */
  private static final MethodHandle SENDMSG =
      Posix.bind("sendmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));

  /** {@code ssize_t recvmsg(int sockfd, struct msghdr *msg, int flags)}. */
  private static final MethodHandle RECVMSG =
      Posix.bind("recvmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));

  /** {@code int poll(struct pollfd *fds, nfds_t nfds, int timeout)}. */
  private static final MethodHandle POLL =
      Posix.bind("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

  private PosixSockets() {}

  /** A call that leaves its errno in {@code state}. */
  @FunctionalInterface
  private interface Call {
    long make(MemorySegment state) throws Throwable;
  }

  private static int call(Call call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Posix.state(arena);
      int result;
      do {
        result = Posix.result((int) call.make(state), state);
      } while (result == -EINTR);
      return result;
    } catch (Throwable e) {
      throw Posix.impossible(e);
    }
  }

  static int socket(int domain, int type) {
    return call(state -> (int) SOCKET.invokeExact(state, domain, type, 0));
  }

  static int bind(int fd, MemorySegment address) {
    return call(state -> (int) BIND.invokeExact(state, fd, address, (int) address.byteSize()));
  }

  static int listen(int fd, int backlog) {
    return call(state -> (int) LISTEN.invokeExact(state, fd, backlog));
  }

  static int accept(int fd, int flags) {
    MemorySegment none = MemorySegment.NULL;
    return call(state -> (int) ACCEPT4.invokeExact(state, fd, none, none, flags));
  }

  static int connect(int fd, MemorySegment address) {
    return call(state -> (int) CONNECT.invokeExact(state, fd, address, (int) address.byteSize()));
  }

  static int shutdown(int fd, int how) {
    return call(state -> (int) SHUTDOWN.invokeExact(state, fd, how));
  }

  static int setsockopt(int fd, int level, int name, MemorySegment value) {
    int length = (int) value.byteSize();
    return call(state -> (int) SETSOCKOPT.invokeExact(state, fd, level, name, value, length));
  }

  static int sendmsg(int fd, MemorySegment message, int flags) {
    return call(state -> (long) SENDMSG.invokeExact(state, fd, message, flags));
  }

  static int recvmsg(int fd, MemorySegment message, int flags) {
    return call(state -> (long) RECVMSG.invokeExact(state, fd, message, flags));
  }

  /** {@code descriptors} is an array of {@code struct pollfd}, of 8 octets each. */
  static int poll(MemorySegment descriptors, int millis) {
    return call(
        state -> (int) POLL.invokeExact(state, descriptors, descriptors.byteSize() / 8, millis));
  }
}
