package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Frame.Gso;
import org.passerelle.link.port.Frames;
import org.passerelle.link.port.LinkPort;
import org.passerelle.link.port.Port;
import org.passerelle.link.testing.Allocation;
import org.passerelle.link.testing.Extent;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.CapturedFrames;
import org.passerelle.link.wire.IpPrefix;

/** What holds for every kind of link whose other end we are. */
@Timeout(60)
abstract class LinkPortTest {
  private static final int TRANSFER = Extent.usual(8_000_000, 300_000);

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();

  private final List<AutoCloseable> open = new ArrayList<>();
  NamespaceShell namespace;

  @BeforeEach
  final void namespace() {
    namespace = new NamespaceShell(namespaces.create());
  }

  @AfterEach
  final void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  final <T extends AutoCloseable> T remember(T resource) {
    open.add(resource);
    return resource;
  }

  /** Makes a link in a namespace, which ends with the test. */
  abstract LinkPort link(NamespaceShell where, String name);

  /** A link that is up with an address, in a namespace that says nothing by itself. */
  final LinkPort quietLink(NamespaceShell where, String address) {
    LinkPort port = link(where, "link0");
    where.silence("link0");
    String last = address.substring(address.length() - 1);
    where.ip(
        "link set link0 address 00:16:3e:00:00:0" + last + " gso_max_size 65000 up",
        "addr add " + address + "/24 dev link0");
    return port;
  }

  @Test
  void hasACableThatCanBePulledOut() throws Exception {
    LinkPort port = link(namespace, "link0");
    namespace.ip("link set link0 up");
    port.carrier(false);
    assertThat(eventuallyShown("link0", "NO-CARRIER")).contains("NO-CARRIER");
    port.carrier(true);
    assertThat(eventuallyShown("link0", "LOWER_UP")).contains("LOWER_UP");
  }

  /** Before Linux 6.8 the flags follow a second later (rtnl_getlink). */
  private String eventuallyShown(String device, String flag) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    String shown = namespace.sh("ip link show " + device);
    while (!shown.contains(flag) && System.nanoTime() < end) {
      Thread.sleep(50);
      shown = namespace.sh("ip link show " + device);
    }
    return shown;
  }

  @Test
  void receivesWhatTheKernelSends() throws Exception {
    LinkPort port = quietLink(namespace, "10.0.0.1");
    Frame frame = datagram(port);
    assertThat(frame.toString())
        .startsWith("00:16:3e:00:00:01 > 00:16:3e:00:00:02, length 47, IPv4 10.0.0.1:")
        .endsWith(" > 10.0.0.2:9: UDP, payload 5");
    assertThat(port.receive(frame)).isFalse();
  }

  @Test
  void offloadsChangeWhileItRuns() throws Exception {
    LinkPort port = quietLink(namespace, "10.0.0.1");
    assertThat(datagram(port).checksumBlank()).isFalse();
    port.offloads(true, true, true);
    assertThat(datagram(port).checksumBlank()).isTrue();
    port.offloads(false, true, true); // segments without checksums there are none
    assertThat(datagram(port).checksumBlank()).isFalse();
  }

  /** Has the kernel send a datagram of five octets to 10.0.0.2, and takes it from the port. */
  final Frame datagram(LinkPort port) {
    return datagram(port, "link0");
  }

  /** The same when the link has this name. */
  final Frame datagram(LinkPort port, String name) {
    namespace.ip("neigh replace 10.0.0.2 lladdr 00:16:3e:00:00:02 dev " + name);
    namespace.call(
        () -> {
          try (DatagramSocket socket = new DatagramSocket()) {
            InetAddress to = IpPrefix.address("10.0.0.2");
            socket.send(new DatagramPacket("hello".getBytes(), 5, to, 9));
          }
          return null;
        });
    return await(port);
  }

  @Test
  void theKernelAnswersWhatItIsSent() throws Exception {
    LinkPort port = quietLink(namespace, "10.0.0.2");
    assertThat(port.send(Frames.of(CapturedFrames.ARP_REQUEST))).isTrue();
    Frame answer = await(port);
    assertThat(Frames.hex(answer)).isEqualTo(CapturedFrames.ARP_REPLY.replace(" ", ""));
    assertThat(port.send(Frames.of(CapturedFrames.ECHO_REQUEST_V4))).isTrue();
    assertThat(await(port).toString()).endsWith("ICMP echo reply, id 12209, seq 1");
  }

  /** TCP between two kernels, over two taps and us: checksums blank, frames up to 64 KiB. */
  @Test
  void tcpPassesWithItsOffloads() throws Exception {
    NamespaceShell second = new NamespaceShell(namespaces.create());
    LinkPort one = quietLink(namespace, "10.0.0.1");
    LinkPort two = quietLink(second, "10.0.0.2");
    one.offloads(true, true, true);
    two.offloads(true, true, true);
    try (Forwarder forwarder = new Forwarder(one, two)) {
      assertThat(transfer(namespace, second)).isEqualTo(TRANSFER);
      assertThat(forwarder.longest.gso()).isEqualTo(Gso.TCP_V4);
      assertThat(forwarder.longest.gsoSize()).isEqualTo(1448);
      assertThat(forwarder.longest.length()).as("more than one segment").isGreaterThan(1514);
      assertThat(forwarder.blank).isPositive();
    }
  }

  @Test
  void withoutOffloadsTheKernelDoesItAll() throws Exception {
    NamespaceShell second = new NamespaceShell(namespaces.create());
    LinkPort one = quietLink(namespace, "10.0.0.1");
    LinkPort two = quietLink(second, "10.0.0.2");
    try (Forwarder forwarder = new Forwarder(one, two)) {
      assertThat(transfer(namespace, second)).isEqualTo(TRANSFER);
      assertThat(forwarder.longest.length()).isEqualTo(1514);
      assertThat(forwarder.longest.gso()).isEqualTo(Gso.NONE);
      assertThat(forwarder.blank).isZero();
    }
  }

  /** Sends much one way, and counts them at the other end. */
  private static long transfer(NamespaceShell from, NamespaceShell to) throws Exception {
    try (ServerSocket server = to.call(() -> new ServerSocket(5000))) {
      server.setSoTimeout(10_000);
      Thread sender =
          Thread.ofPlatform().daemon().start(() -> from.call(LinkPortTest::sendMegabytes));
      try (Socket accepted = server.accept()) {
        return accepted.getInputStream().transferTo(OutputStream.nullOutputStream());
      } finally {
        sender.join();
      }
    }
  }

  private static Void sendMegabytes() throws IOException {
    try (Socket socket = new Socket(IpPrefix.address("10.0.0.2"), 5000)) {
      socket.getOutputStream().write(new byte[TRANSFER]);
    }
    return null;
  }

  /** As the optimising compiler leaves it, without which the guests of integration/xen run. */
  @Tag("timed")
  @Test
  void aFrameCostsNoAllocation() throws Exception {
    LinkPort port = quietLink(namespace, "10.0.0.2");
    Frame question = Frames.of(CapturedFrames.ECHO_REQUEST_V4);
    question.checksum(false, true);
    Frame answer = Frames.empty();
    port.send(Frames.of(CapturedFrames.ARP_REQUEST));
    await(port);
    assertThat(
            Allocation.least(
                5_000,
                () -> assertThat(exchange(port, question, answer, 20_000)).isGreaterThan(10_000)))
        .isLessThan(5_000);
  }

  private static int exchange(Port port, Frame question, Frame answer, int count) {
    int answered = 0;
    for (int i = 0; i < count; i++) {
      port.send(question);
      answered += port.receive(answer) ? 1 : 0;
    }
    return answered;
  }

  static Frame await(Port port) {
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
