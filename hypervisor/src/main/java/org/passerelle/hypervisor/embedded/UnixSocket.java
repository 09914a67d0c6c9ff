package org.passerelle.hypervisor.embedded;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.passerelle.hypervisor.HypervisorException;

/**
 * A Unix socket that can pass descriptors, which the JDK's cannot. One thread uses it at a time;
 * any other may {@link #hangUp} or close it meanwhile.
 */
final class UnixSocket implements AutoCloseable {
  static final int STREAM = 1;
  static final int SEQPACKET = 5;

  /** A send gives up where it would wait. */
  static final int DONTWAIT = 0x40;

  private static final int EBADF = 9;
  private static final int ECONNABORTED = 103;
  private static final int AF_UNIX = 1;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_CMSG_CLOEXEC = 0x4000_0000;
  private static final int SHUT_RDWR = 2;
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUF = 7;
  private static final short POLLIN = 1;
  private static final short POLLRDHUP = 0x2000;

  private static final long POLLFD = 8;

  /** The last octet of {@code struct sockaddr_un} ends the path. */
  private static final int MOST_PATH = 107;

  private final CountedDescriptor descriptor;

  private UnixSocket(int descriptor) {
    this.descriptor = new CountedDescriptor(descriptor);
  }

  /** Takes over a descriptor. */
  static UnixSocket of(int descriptor) {
    return new UnixSocket(descriptor);
  }

  /** A socket bound to a path, where nobody can connect before {@link #listen}. */
  static UnixSocket bound(Path path, int type) {
    return opened(path, type, "bind ", PosixSockets::bind);
  }

  static UnixSocket connected(Path path, int type) {
    return opened(path, type, "connect to ", PosixSockets::connect);
  }

  /** What a new socket does with an address. */
  @FunctionalInterface
  private interface Use {
    int with(int descriptor, MemorySegment address);
  }

  private static UnixSocket opened(Path path, int type, String verb, Use use) {
    String what = verb + path;
    int made = Errno.check(PosixSockets.socket(AF_UNIX, type | SOCK_CLOEXEC), "socket to " + what);
    try (Arena arena = Arena.ofConfined()) {
      Errno.check(use.with(made, address(path, arena)), what);
      return new UnixSocket(made);
    } catch (RuntimeException e) {
      Posix.close(made);
      throw e;
    }
  }

  /** {@code struct sockaddr_un}: the family, u16, and the path with its NUL. */
  private static MemorySegment address(Path path, Arena arena) {
    byte[] octets = path.toString().getBytes(StandardCharsets.UTF_8);
    if (octets.length > MOST_PATH) {
      throw new HypervisorException(
          path + " has " + octets.length + " octets: a socket's path has at most " + MOST_PATH, 0);
    }
    MemorySegment address = arena.allocate(2L + octets.length + 1, 2);
    address.set(JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(MemorySegment.ofArray(octets), 0, address, 2, octets.length);
    return address;
  }

  int descriptor() {
    return descriptor.number();
  }

  void listen(String what) {
    Errno.check(PosixSockets.listen(descriptor.number(), 1), "listen at " + what);
  }

  /**
   * Waits for a caller; empty when this is hung up or closed, whereupon nobody calls any more.
   * Throws HypervisorException when nobody can be let in just now: without descriptors left, for
   * one.
   */
  Optional<UnixSocket> accept() {
    while (true) {
      int caller = whileOpen(() -> PosixSockets.accept(descriptor.number(), SOCK_CLOEXEC));
      if (caller == -EBADF || caller == -Errno.EINVAL.number()) {
        return Optional.empty(); // EINVAL: a socket that listened and was shut down
      }
      if (caller != -ECONNABORTED) {
        return Optional.of(new UnixSocket(Errno.check(caller, "accept")));
      }
      // Whoever it was has gone; the next one may be there.
    }
  }

  /** Bounds what may wait here to be read by the other side. */
  void sendBuffer(int octets) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocateFrom(JAVA_INT, octets);
      whileOpen(() -> PosixSockets.setsockopt(descriptor.number(), SOL_SOCKET, SO_SNDBUF, value));
    }
  }

  /** Sends octets, and descriptors along with them; how many octets went, or -errno. */
  int send(MemorySegment octets, List<Integer> descriptors, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment message = SocketMessage.sending(arena, octets, descriptors).header();
      return whileOpen(
          () -> PosixSockets.sendmsg(descriptor.number(), message, flags | MSG_NOSIGNAL));
    }
  }

  /**
   * What was received.
   *
   * @param octets 0 at the end; -errno, or a packet that is too long, is below
   * @param descriptors the receiver's to close
   */
  record Received(int octets, List<Integer> descriptors) {}

  /** Waits for octets, and for at most so many descriptors. */
  Received receive(MemorySegment into, int descriptors) {
    try (Arena arena = Arena.ofConfined()) {
      SocketMessage message = SocketMessage.receiving(arena, into, descriptors);
      int octets =
          whileOpen(
              () -> PosixSockets.recvmsg(descriptor.number(), message.header(), MSG_CMSG_CLOEXEC));
      boolean cut = octets > 0 && descriptors > 0 && message.wasCut();
      return new Received(cut ? -1 : octets, octets > 0 ? message.descriptors() : List.of());
    }
  }

  /** Waits until there is something to receive, or the end; false when the time is over. */
  boolean awaitReadable(int millis) {
    return poll(POLLIN, millis) > 0;
  }

  /** Waits until either side of this one or of the other has hung up. */
  void awaitHangUp(UnixSocket other) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment both = polled(arena, POLLRDHUP, this, other);
      whileOpen(() -> other.whileOpen(() -> PosixSockets.poll(both, -1)));
    }
  }

  private int poll(short events, int millis) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = polled(arena, events, this);
      return whileOpen(() -> PosixSockets.poll(one, millis));
    }
  }

  /** An array of {@code struct pollfd}: the descriptor, s32, and the events asked for, s16. */
  private static MemorySegment polled(Arena arena, short events, UnixSocket... sockets) {
    MemorySegment all = arena.allocate(POLLFD * sockets.length, 4);
    for (int i = 0; i < sockets.length; i++) {
      all.set(JAVA_INT, POLLFD * i, sockets[i].descriptor.number());
      all.set(JAVA_SHORT, POLLFD * i + 4, events);
    }
    return all;
  }

  /** Ends the connection for both sides; whoever waits here is woken. */
  void hangUp() {
    whileOpen(() -> PosixSockets.shutdown(descriptor.number(), SHUT_RDWR));
  }

  /** Hangs up for good. A descriptor in use is closed by the last who uses it. */
  @Override
  public void close() {
    hangUp();
    descriptor.close();
  }

  /** A call on the descriptor; -EBADF when it is closed. */
  private int whileOpen(IntSupplier call) {
    if (!descriptor.enter()) {
      return -EBADF;
    }
    try {
      return call.getAsInt();
    } finally {
      descriptor.leave();
    }
  }
}
