package org.passerelle.hypervisor.embedded;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.passerelle.hypervisor.xenstore.client.Transport;

/** A connection to XenStore that came as a descriptor. */
final class DescriptorTransport implements Transport {
  private final UnixSocket socket;

  /** Takes the socket over. */
  DescriptorTransport(UnixSocket socket) {
    this.socket = socket;
  }

  @Override
  public void send(byte[] octets) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment left = arena.allocate(octets.length);
      left.copyFrom(MemorySegment.ofArray(octets));
      while (left.byteSize() > 0) {
        int sent = socket.send(left, List.of(), 0);
        if (sent <= 0) {
          throw new IOException("the connection that the host gave is closed");
        }
        left = left.asSlice(sent);
      }
    }
  }

  @Override
  public int receive(byte[] into, int offset, int length) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment octets = arena.allocate(length);
      int received = socket.receive(octets, 0).octets();
      if (received <= 0) {
        return -1;
      }
      MemorySegment.copy(octets, 0, MemorySegment.ofArray(into), offset, received);
      return received;
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
