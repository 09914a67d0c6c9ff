package org.passerelle.link.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The C library's socket calls, with the results of {@link NativeIo}'s. */
final class SocketCalls {
  static final int SOL_SOCKET = 1;
  private static final int SO_ERROR = 4;

  // int socket(int domain, int type, int protocol);
  private static final MethodHandle SOCKET =
      NativeIo.function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  // int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen);
  private static final MethodHandle BIND =
      NativeIo.function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  // int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen);
  private static final MethodHandle SETSOCKOPT =
      NativeIo.function(
          "setsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  // int getsockopt(int sockfd, int level, int optname, void *optval, socklen_t *optlen);
  private static final MethodHandle GETSOCKOPT =
      NativeIo.function(
          "getsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
  // unsigned int if_nametoindex(const char *ifname);
  private static final MethodHandle IF_NAMETOINDEX =
      NativeIo.function("if_nametoindex", FunctionDescriptor.of(JAVA_INT, ADDRESS));

  private SocketCalls() {}

  static int socket(int domain, int type, int protocol) {
    MemorySegment state = NativeIo.state();
    try {
      return (int) NativeIo.result((int) SOCKET.invokeExact(state, domain, type, protocol), state);
    } catch (Throwable e) {
      throw NativeIo.unexpected(e);
    }
  }

  static int bind(int fd, MemorySegment address) {
    MemorySegment state = NativeIo.state();
    int length = (int) address.byteSize();
    try {
      return (int) NativeIo.result((int) BIND.invokeExact(state, fd, address, length), state);
    } catch (Throwable e) {
      throw NativeIo.unexpected(e);
    }
  }

  static int setOption(int fd, int level, int option, MemorySegment value) {
    MemorySegment state = NativeIo.state();
    int length = (int) value.byteSize();
    try {
      int returned = (int) SETSOCKOPT.invokeExact(state, fd, level, option, value, length);
      return (int) NativeIo.result(returned, state);
    } catch (Throwable e) {
      throw NativeIo.unexpected(e);
    }
  }

  /**
   * Takes a socket's pending error away.
   *
   * @param scratch 8 octets
   * @return an errno, positive, or 0
   */
  static int takeError(int fd, MemorySegment scratch) {
    scratch.set(JAVA_INT, 4, 4);
    MemorySegment state = NativeIo.state();
    MemorySegment length = scratch.asSlice(4, 4);
    try {
      int returned = (int) GETSOCKOPT.invokeExact(state, fd, SOL_SOCKET, SO_ERROR, scratch, length);
      return returned < 0 ? (int) -NativeIo.result(returned, state) : scratch.get(JAVA_INT, 0);
    } catch (Throwable e) {
      throw NativeIo.unexpected(e);
    }
  }

  /** A link's number in the calling thread's network namespace, or the errno negated. */
  static int linkIndex(String name) {
    MemorySegment state = NativeIo.state();
    try (Arena arena = Arena.ofConfined()) {
      int index = (int) IF_NAMETOINDEX.invokeExact(state, arena.allocateFrom(name));
      return index > 0 ? index : (int) NativeIo.result(-1, state);
    } catch (Throwable e) {
      throw NativeIo.unexpected(e);
    }
  }
}
