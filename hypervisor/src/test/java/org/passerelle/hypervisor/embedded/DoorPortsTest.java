package org.passerelle.hypervisor.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.hypervisor.HypervisorException;
import org.passerelle.hypervisor.domain.DomainId;

/** A guest's ports before a host that lends what cannot be used. */
@Timeout(30)
class DoorPortsTest {
  private static final DomainId GUEST = new DomainId(7);

  @TempDir Path directory;

  /** epoll refuses a file in memory with EPERM. */
  @Test
  void aPortThatCannotBeWatchedIsGivenBack() throws Exception {
    assertThat(askedNext(3, "EPERM")).isEqualTo(DoorMessage.request(DoorMessage.CLOSE, 3));
  }

  @Test
  void aPortWithoutANumberOfAPortIsNoPort() throws Exception {
    assertThat(askedNext(1024, "the host answered nonsense: port 1024")).isNull();
  }

  /** The one that has the number keeps it, and what came with the second is closed. */
  @Test
  void aPortWhoseNumberIsInUseIsNoPort() throws Exception {
    Path path = directory.resolve("door");
    long before = Descriptors.all();
    try (UnixSocket listener = UnixSocket.bound(path, UnixSocket.SEQPACKET)) {
      listener.listen(path.toString());
      CompletableFuture<Void> host = CompletableFuture.runAsync(() -> answerTwice(listener, 3));
      try (DoorCaller caller = DoorCaller.connect(path);
          DoorPorts ports = new DoorPorts(GUEST, caller)) {
        assertThat(ports.allocateUnbound(DomainId.DOM0)).isEqualTo(3);
        DoorPort first = ports.find(3);
        assertThatThrownBy(() -> ports.allocateUnbound(DomainId.DOM0))
            .isInstanceOf(HypervisorException.class)
            .hasMessageContaining("the host answered nonsense: port 3");
        assertThat(ports.find(3)).isSameAs(first);
      }
      host.get(20, TimeUnit.SECONDS);
    }
    assertThat(Descriptors.all()).isLessThanOrEqualTo(before); // others may end meanwhile
  }

  private static void answerTwice(UnixSocket listener, int port) {
    try (UnixSocket guest = listener.accept().orElseThrow();
        Doorbell bell = Doorbell.of("the test");
        Arena arena = Arena.ofConfined()) {
      MemorySegment packet = arena.allocate(DoorMessage.SIZE);
      for (int i = 0; i < 2; i++) {
        guest.receive(packet, 0);
        DoorMessage.parse(packet).reply(port).emit(packet);
        guest.send(packet, List.of(bell.descriptor(), bell.descriptor()), 0);
      }
    }
  }

  /** Allocates a port, which fails; returns what the host is asked after that, null for nothing. */
  private DoorMessage askedNext(int port, String failure) throws Exception {
    Path path = directory.resolve("door");
    long before = Descriptors.all();
    CompletableFuture<DoorMessage> next;
    try (UnixSocket listener = UnixSocket.bound(path, UnixSocket.SEQPACKET)) {
      listener.listen(path.toString());
      next = CompletableFuture.supplyAsync(() -> host(listener, port));
      try (DoorCaller caller = DoorCaller.connect(path)) {
        DoorPorts ports = new DoorPorts(GUEST, caller);
        assertThatThrownBy(() -> ports.allocateUnbound(DomainId.DOM0))
            .isInstanceOf(HypervisorException.class)
            .hasMessageContaining(failure);
      }
      next.get(20, TimeUnit.SECONDS);
    }
    assertThat(Descriptors.all()).isLessThanOrEqualTo(before); // others may end meanwhile
    return next.get();
  }

  private static DoorMessage host(UnixSocket listener, int port) {
    try (UnixSocket guest = listener.accept().orElseThrow();
        MemoryFile file = MemoryFile.create(GUEST, 4096);
        Doorbell bell = Doorbell.of("the test");
        Arena arena = Arena.ofConfined()) {
      MemorySegment packet = arena.allocate(DoorMessage.SIZE);
      guest.receive(packet, 0);
      DoorMessage.parse(packet).reply(port).emit(packet);
      guest.send(packet, List.of(file.descriptor(), bell.descriptor()), 0);
      if (guest.receive(packet, 0).octets() <= 0) {
        return null;
      }
      DoorMessage next = DoorMessage.parse(packet);
      next.reply(0).emit(packet);
      guest.send(packet, List.of(), 0);
      return next;
    }
  }
}
