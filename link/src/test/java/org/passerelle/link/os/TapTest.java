package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Frame.Gso;
import org.passerelle.link.port.Frames;
import org.passerelle.link.port.Port;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.CapturedFrames;
import org.passerelle.link.wire.IpPrefix;

@Timeout(60)
@Needs({Capability.NET_ADMIN, Capability.TAP, Capability.IPROUTE2})
class TapTest {
  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();

  private final List<AutoCloseable> open = new ArrayList<>();
  private NamespaceShell namespace;

  @BeforeEach
  void namespace() {
    namespace = new NamespaceShell(namespaces.create());
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T remember(T resource) {
    open.add(resource);
    return resource;
  }

  private Tap tap(NamespaceShell where, String name) throws Exception {
    return remember(where.call(() -> Tap.open(name)));
  }

  /** A tap that is up with an address, in a namespace that says nothing by itself. */
  private Tap quietTap(NamespaceShell where, String address) throws Exception {
    Tap tap = tap(where, "tap0");
    where.silence("tap0");
    String last = address.substring(address.length() - 1);
    where.sh(
        "ip link set tap0 address 00:16:3e:00:00:0"
            + last
            + " gso_max_size 65000 up; ip addr add "
            + address
            + "/24 dev tap0");
    return tap;
  }

  @Test
  void isALinkOfTheNamespaceUntilItIsClosed() throws Exception {
    Tap tap = tap(namespace, "vif%d");
    assertThat(tap.name()).isEqualTo("vif0");
    assertThat(namespace.sh("ip -d link show vif0"))
        .contains("tun type tap pi off vnet_hdr on persist off");
    tap.close();
    assertThat(namespace.sh("ip -o link")).doesNotContain("vif0").contains("lo");
  }

  @Test
  void hasACableThatCanBePulledOut() throws Exception {
    Tap tap = tap(namespace, "tap0");
    namespace.sh("ip link set tap0 up");
    tap.carrier(false);
    assertThat(namespace.sh("ip link show tap0")).contains("NO-CARRIER");
    tap.carrier(true);
    assertThat(namespace.sh("ip link show tap0")).contains("LOWER_UP");
  }

  @Test
  void saysWhatWentWrongAndWhatToDo() throws Exception {
    tap(namespace, "tap0");
    assertThatThrownBy(() -> tap(namespace, "tap0"))
        .isInstanceOf(KernelException.class)
        .hasMessage(
            "make tap tap0: EBUSY (16, Device or resource busy): a link of this name exists:"
                + " delete it or choose another name");
    assertThatThrownBy(() -> tap(namespace, "a/b"))
        .hasMessageStartingWith("make tap a/b: EINVAL (22, Invalid argument): ");
    assertThatThrownBy(() -> tap(namespace, "sixteen-octets-x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tap(namespace, "")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void leavesAloneATapThatAnAdminMade() {
    namespace.sh("ip tuntap add dev theirs mode tap vnet_hdr");
    assertThatThrownBy(() -> tap(namespace, "theirs"))
        .isInstanceOf(KernelException.class)
        .hasMessageStartingWith("make tap theirs: EBUSY");
  }

  @Test
  void receivesWhatTheKernelSends() throws Exception {
    Tap tap = quietTap(namespace, "10.0.0.1");
    Frame frame = datagram(tap);
    assertThat(frame.toString())
        .startsWith("00:16:3e:00:00:01 > 00:16:3e:00:00:02, length 47, IPv4 10.0.0.1:")
        .endsWith(" > 10.0.0.2:9: UDP, payload 5");
    assertThat(tap.receive(frame)).isFalse();
  }

  @Test
  void offloadsChangeWhileItRuns() throws Exception {
    Tap tap = quietTap(namespace, "10.0.0.1");
    assertThat(datagram(tap).checksumBlank()).isFalse();
    tap.offloads(true, true, true);
    assertThat(datagram(tap).checksumBlank()).isTrue();
    tap.offloads(false, true, true); // segments without checksums there are none
    assertThat(datagram(tap).checksumBlank()).isFalse();
  }

  /** Has the kernel send a datagram of five octets to 10.0.0.2, and takes it from the tap. */
  private Frame datagram(Tap tap) {
    namespace.sh("ip neigh replace 10.0.0.2 lladdr 00:16:3e:00:00:02 dev tap0");
    namespace.call(
        () -> {
          try (DatagramSocket socket = new DatagramSocket()) {
            InetAddress to = IpPrefix.address("10.0.0.2");
            socket.send(new DatagramPacket("hello".getBytes(), 5, to, 9));
          }
          return null;
        });
    return await(tap);
  }

  @Test
  void theKernelAnswersWhatItIsSent() throws Exception {
    Tap tap = quietTap(namespace, "10.0.0.2");
    assertThat(tap.send(Frames.of(CapturedFrames.ARP_REQUEST))).isTrue();
    Frame answer = await(tap);
    assertThat(Frames.hex(answer)).isEqualTo(CapturedFrames.ARP_REPLY.replace(" ", ""));
    assertThat(tap.send(Frames.of(CapturedFrames.ECHO_REQUEST_V4))).isTrue();
    assertThat(await(tap).toString()).endsWith("ICMP echo reply, id 12209, seq 1");
  }

  @Test
  void metadataThatLieAndLinksThatAreDownCostTheFrameOnly() throws Exception {
    Tap tap = tap(namespace, "tap0");
    Frame liar = Frames.of(CapturedFrames.ARP_REQUEST);
    liar.checksum(true, true);
    assertThat(tap.send(liar)).isTrue();
    assertThat(tap.send(Frames.of(CapturedFrames.ARP_REQUEST))).isTrue();
    assertThat(tap.dropped()).isEqualTo(2);
  }

  @Test
  void aDeletedLinkIsReported() throws Exception {
    Tap tap = quietTap(namespace, "10.0.0.1");
    namespace.sh("ip link del tap0");
    Frame frame = Frames.of(CapturedFrames.ARP_REQUEST);
    assertThatThrownBy(() -> tap.send(frame))
        .isInstanceOf(KernelException.class)
        .hasMessage(
            "write to tap tap0: EBADFD (77, File descriptor in bad state):"
                + " the link was deleted; make it again");
    assertThatThrownBy(() -> tap.receive(frame)).hasMessageStartingWith("read from tap tap0: ");
  }

  /** TCP between two kernels, over two taps and us: checksums blank, frames up to 64 KiB. */
  @Test
  void tcpPassesWithItsOffloads() throws Exception {
    NamespaceShell second = new NamespaceShell(namespaces.create());
    Tap one = quietTap(namespace, "10.0.0.1");
    Tap two = quietTap(second, "10.0.0.2");
    one.offloads(true, true, true);
    two.offloads(true, true, true);
    try (Forwarder forwarder = new Forwarder(one, two)) {
      assertThat(transfer(namespace, second)).isEqualTo(8_000_000);
      assertThat(forwarder.longest.gso()).isEqualTo(Gso.TCP_V4);
      assertThat(forwarder.longest.gsoSize()).isEqualTo(1448);
      assertThat(forwarder.longest.length()).isGreaterThan(20_000);
      assertThat(forwarder.blank).isPositive();
    }
  }

  @Test
  void withoutOffloadsTheKernelDoesItAll() throws Exception {
    NamespaceShell second = new NamespaceShell(namespaces.create());
    Tap one = quietTap(namespace, "10.0.0.1");
    Tap two = quietTap(second, "10.0.0.2");
    try (Forwarder forwarder = new Forwarder(one, two)) {
      assertThat(transfer(namespace, second)).isEqualTo(8_000_000);
      assertThat(forwarder.longest.length()).isEqualTo(1514);
      assertThat(forwarder.longest.gso()).isEqualTo(Gso.NONE);
      assertThat(forwarder.blank).isZero();
    }
  }

  /** Sends 8 MB one way, and counts them at the other end. */
  private static long transfer(NamespaceShell from, NamespaceShell to) throws Exception {
    try (ServerSocket server = to.call(() -> new ServerSocket(5000))) {
      server.setSoTimeout(10_000);
      Thread sender = Thread.ofPlatform().daemon().start(() -> from.call(TapTest::sendMegabytes));
      try (Socket accepted = server.accept()) {
        return accepted.getInputStream().transferTo(OutputStream.nullOutputStream());
      } finally {
        sender.join();
      }
    }
  }

  private static Void sendMegabytes() throws IOException {
    try (Socket socket = new Socket(IpPrefix.address("10.0.0.2"), 5000)) {
      socket.getOutputStream().write(new byte[8_000_000]);
    }
    return null;
  }

  @Test
  void aFrameCostsNoAllocation() throws Exception {
    Tap tap = quietTap(namespace, "10.0.0.2");
    Frame question = Frames.of(CapturedFrames.ECHO_REQUEST_V4);
    question.checksum(false, true);
    Frame answer = Frames.empty();
    tap.send(Frames.of(CapturedFrames.ARP_REQUEST));
    await(tap);
    exchange(tap, question, answer, 50_000); // until it is compiled
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    int answered = exchange(tap, question, answer, 20_000);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(answered).isGreaterThan(10_000);
    assertThat(allocated).isLessThan(5_000);
  }

  private static int exchange(Port port, Frame question, Frame answer, int count) {
    int answered = 0;
    for (int i = 0; i < count; i++) {
      port.send(question);
      answered += port.receive(answer) ? 1 : 0;
    }
    return answered;
  }

  private static Frame await(Port port) {
    Frame frame = new Frame(Arena.ofAuto());
    try (Poller poller = new Poller()) {
      poller.add(port.descriptor(), Poller.READABLE, events -> {});
      while (poller.poll(5000) > 0) {
        if (port.receive(frame)) {
          return frame;
        }
      }
    }
    throw new AssertionError("no frame within 5 s on " + port.name());
  }
}
