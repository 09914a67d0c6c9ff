package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Frame.Gso;
import org.passerelle.link.port.Frames;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.CapturedFrames;

/** A veth pair with a packet socket on each end: what goes into one comes out of the other. */
@Timeout(60)
@Needs({Capability.NET_ADMIN, Capability.VETH, Capability.PACKET_SOCKET, Capability.IPROUTE2})
class PacketSocketTest {
  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();

  private NamespaceShell namespace;
  private PacketSocket left;
  private PacketSocket right;
  private final Frame received = Frames.empty();

  @BeforeEach
  void open() {
    namespace = new NamespaceShell(namespaces.create());
    namespace.silence("default");
    namespace.ip(
        "link add left gso_max_size 65000 type veth peer name right gso_max_size 65000",
        "link set left up",
        "link set right up");
    left = namespace.call(() -> PacketSocket.open("left"));
    right = namespace.call(() -> PacketSocket.open("right"));
  }

  @AfterEach
  void close() {
    left.close();
    right.close();
  }

  /** On a busy processor the kernel may put off what it has to do for a frame that was sent. */
  private boolean arrives() {
    if (right.receive(received)) {
      return true;
    }
    try (Poller poller = new Poller()) {
      poller.add(right.descriptor(), Poller.READABLE, events -> {});
      return poller.poll(5000) > 0 && right.receive(received);
    }
  }

  @Test
  void receivesWhatComesInAndNotWhatItSends() {
    assertThat(left.send(Frames.of(CapturedFrames.ARP_REQUEST))).isTrue();
    assertThat(arrives()).isTrue();
    assertThat(Frames.hex(received)).isEqualTo(CapturedFrames.ARP_REQUEST.replace(" ", ""));
    assertThat(right.receive(received)).isFalse();
    assertThat(left.receive(received)).isFalse();
  }

  @Test
  void carriesOffloads() {
    String longSegment = CapturedFrames.TCP_PUSH.replace("003a 8f1b", "7d34 8f1b");
    Frame frame = Frames.of(longSegment + "5a".repeat(32_000 - 6));
    frame.gso(Gso.TCP_V4, 1448);
    assertThat(left.send(frame)).isTrue();
    assertThat(arrives()).isTrue();
    assertThat(received.length()).isEqualTo(66 + 32_000);
    assertThat(received.checksumBlank()).isTrue();
    assertThat(received.gso()).isEqualTo(Gso.TCP_V4);
    assertThat(received.gsoSize()).isEqualTo(1448);
  }

  @Test
  void putsATagBackThatTheKernelTookOut() {
    Frame frame = Frames.of(CapturedFrames.tagged(CapturedFrames.TCP_PUSH, 0x6064));
    frame.checksum(true, true);
    assertThat(left.send(frame)).isTrue();
    assertThat(arrives()).isTrue();
    assertThat(Frames.hex(received)).isEqualTo(Frames.hex(frame));
    assertThat(received.checksumBlank()).isTrue();
    assertThat(Frames.vnetHeader(received)).isEqualTo("0100" + "0000" + "0000" + "2600" + "1000");
  }

  @Test
  void theRingGoesRound() {
    Frame frame = Frames.of(CapturedFrames.UDP);
    for (int i = 0; i < 3 * PacketRing.SLOTS; i++) {
      assertThat(left.send(frame)).isTrue();
      assertThat(arrives()).as("frame %d", i).isTrue();
    }
  }

  @Test
  void pollsReadable() {
    try (Poller poller = new Poller()) {
      poller.add(right.descriptor(), Poller.READABLE, events -> right.receive(received));
      assertThat(poller.poll(0)).isZero();
      left.send(Frames.of(CapturedFrames.UDP));
      assertThat(poller.poll(5000)).isOne();
      assertThat(received.length()).isEqualTo(48);
      assertThat(poller.poll(0)).isZero();
    }
  }

  @Test
  void aLinkThatGoesDownDoesNotKeepPolling() {
    namespace.ip("link set right down");
    try (Poller poller = new Poller()) {
      poller.add(right.descriptor(), Poller.READABLE, events -> right.receive(received));
      assertThat(poller.poll(5000)).isOne();
      assertThat(poller.poll(0)).isZero();
    }
    assertThat(right.send(Frames.of(CapturedFrames.UDP))).isTrue();
    assertThat(right.dropped()).isOne();
  }

  @Test
  void saysWhatWentWrong() {
    assertThatThrownBy(() -> namespace.call(() -> PacketSocket.open("nowhere")))
        .isInstanceOf(KernelException.class)
        .hasMessage(
            "find link nowhere: ENODEV (19, No such device):"
                + " no link of this name in this network namespace");
    namespace.ip("link del left");
    assertThatThrownBy(() -> left.send(Frames.of(CapturedFrames.UDP)))
        .isInstanceOf(KernelException.class)
        .hasMessageStartingWith("send from link left: ENXIO")
        .hasMessageEndingWith("the link was deleted; make it again");
  }

  /** Another link has its name by then. */
  @Test
  void aNicThatWasRenamedMeanwhileIsKnownByItsNumber() {
    int index = namespace.call(() -> SocketCalls.linkIndex("left"));
    namespace.ip(
        "link set left down",
        "link set left name nic",
        "link set nic up",
        "link add left type veth peer name elsewhere");
    try (PacketSocket queued = namespace.call(() -> PacketSocket.openQueued(index, "left"))) {
      assertThat(queued.send(Frames.of(CapturedFrames.ARP_REQUEST))).isTrue();
      assertThat(arrives()).isTrue();
    }
    namespace.ip("link del nic");
    assertThatThrownBy(() -> namespace.call(() -> PacketSocket.openQueued(index, "left")))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("ENODEV");
  }

  @Test
  void aClosedSocketIsNotTouched() {
    right.close();
    right.close();
    assertThatThrownBy(() -> right.receive(received)).isInstanceOf(IllegalStateException.class);
  }
}
