package org.passerelle.hypervisor.embedded;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.passerelle.hypervisor.HypervisorException;

/** The guest's side of its domain's door: requests, each of which waits for its reply. */
final class DoorCaller implements AutoCloseable {
  /** The most that come with one reply. */
  private static final int DESCRIPTORS = 2;

  private final UnixSocket socket;

  private DoorCaller(UnixSocket socket) {
    this.socket = socket;
  }

  /** Throws {@link HypervisorException} when nobody opens. */
  static DoorCaller connect(Path door) {
    return new DoorCaller(UnixSocket.connected(door, UnixSocket.SEQPACKET));
  }

  /**
   * A reply.
   *
   * @param descriptors the caller's to close
   */
  record Reply(DoorMessage message, List<Integer> descriptors) {
    boolean isRefusal() {
      return message.status() != 0;
    }

    String error() {
      return DoorError.nameOf(-message.status());
    }

    /** Closes what came along. */
    void drop() {
      descriptors.forEach(Posix::close);
    }
  }

  /**
   * Asks, and waits for the reply, refusals included.
   *
   * @param wanted how many descriptors belong to it, unless it is a refusal
   * @throws HypervisorException when the host is gone, or answers what makes no sense
   */
  synchronized Reply ask(DoorMessage request, int wanted) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment packet = arena.allocate(DoorMessage.SIZE);
      request.emit(packet);
      socket.send(packet, List.of(), 0);
      UnixSocket.Received received = socket.receive(packet, DESCRIPTORS);
      Reply reply = new Reply(DoorMessage.parse(packet), received.descriptors());
      if (received.octets() <= 0) {
        reply.drop();
        throw new HypervisorException("the door: the host is gone", 0);
      }
      boolean complete = reply.isRefusal() || reply.descriptors().size() == wanted;
      if (received.octets() != DoorMessage.SIZE || !complete) {
        reply.drop();
        throw new HypervisorException("the door: the host answered nonsense: " + reply, 0);
      }
      return reply;
    }
  }

  /** Waits until the host is gone at the door or at another socket of its, or one is closed. */
  void awaitEnd(UnixSocket other) {
    socket.awaitHangUp(other);
  }

  @Override
  public void close() {
    socket.close();
  }
}
