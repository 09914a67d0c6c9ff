package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Frame.Gso;
import org.passerelle.link.port.Frames;
import org.passerelle.link.port.Port;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.wire.CapturedFrames;

@Timeout(60)
class TapTest {
  private final List<AutoCloseable> open = new ArrayList<>();
  private NamespaceThread namespace;

  @BeforeEach
  void namespace() throws Exception {
    namespace = remember(new NamespaceThread());
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

  private Tap tap(NamespaceThread where, String name) throws Exception {
    return remember(where.call(() -> Tap.open(name)));
  }

  /** A tap that is up with an address, in a namespace that says nothing by itself. */
  private Tap quietTap(NamespaceThread where, String address) throws Exception {
    Tap tap = tap(where, "tap0");
    where.sh(
        "sysctl -qw net.ipv6.conf.tap0.disable_ipv6=1; ip link set tap0 address "
            + (address.endsWith("1") ? "00:16:3e:00:00:01" : "00:16:3e:00:00:02")
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
  void offloadsChangeWhileItRuns() throws Exception {
    Tap tap = quietTap(namespace, "10.0.0.1");
    assertThat(features()).containsExactly("off", "off", "off");
    tap.offloads(true, true, true);
    assertThat(features()).containsExactly("on", "on", "on");
    tap.offloads(true, true, false);
    assertThat(features()).containsExactly("on", "on", "off");
    tap.offloads(false, true, true); // segments without checksums there are none
    assertThat(features()).containsExactly("off", "off", "off");
  }

  private List<String> features() throws Exception {
    String all = namespace.sh("ethtool -k tap0");
    return List.of(
        feature(all, "tx-checksumming"),
        feature(all, "tx-tcp-segmentation"),
        feature(all, "tx-tcp6-segmentation"));
  }

  private static String feature(String all, String name) {
    String rest = all.substring(all.indexOf(name + ": ") + name.length() + 2);
    return rest.substring(0, rest.startsWith("on") ? 2 : 3);
  }

  @Test
  void receivesWhatTheKernelSends() throws Exception {
    Tap tap = quietTap(namespace, "10.0.0.1");
    namespace.sh("ip neigh add 10.0.0.2 lladdr 00:16:3e:00:00:02 dev tap0");
    ping(namespace, "-c1 -s 8 -p 61");
    Frame frame = await(tap, f -> true);
    assertThat(frame.toString())
        .startsWith(
            "00:16:3e:00:00:01 > 00:16:3e:00:00:02, length 50, IPv4 10.0.0.1 > 10.0.0.2:"
                + " ICMP echo request, id ");
    assertThat(tap.receive(frame)).isFalse();
  }

  @Test
  void theKernelAnswersWhatItIsSent() throws Exception {
    Tap tap = quietTap(namespace, "10.0.0.2");
    assertThat(tap.send(Frames.of(CapturedFrames.ARP_REQUEST))).isTrue();
    Frame answer = await(tap, f -> true);
    assertThat(Frames.hex(answer)).isEqualTo(CapturedFrames.ARP_REPLY.replace(" ", ""));
    assertThat(tap.send(Frames.of(CapturedFrames.ECHO_REQUEST_V4))).isTrue();
    assertThat(await(tap, f -> true).toString()).endsWith("ICMP echo reply, id 12209, seq 1");
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
    NamespaceThread second = remember(new NamespaceThread());
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
    NamespaceThread second = remember(new NamespaceThread());
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
  private static long transfer(NamespaceThread from, NamespaceThread to) throws Exception {
    Process server =
        to.call(
            () ->
                new ProcessBuilder(
                        "python3",
                        "-c",
                        """
                        import socket
                        s = socket.create_server(("10.0.0.2", 5000))
                        print("ready", flush=True)
                        c, n = s.accept()[0], 0
                        while data := c.recv(1 << 20): n += len(data)
                        print(n)
                        """)
                    .start());
    try (var reader = server.inputReader()) {
      assertThat(reader.readLine()).isEqualTo("ready");
      from.sh(
          "python3 -c 'import socket; s = socket.create_connection((\"10.0.0.2\", 5000), 10);"
              + " s.sendall(bytes(8000000))'");
      return Long.parseLong(reader.readLine());
    } finally {
      server.destroy();
    }
  }

  @Test
  void aFrameCostsNoAllocation() throws Exception {
    Tap tap = quietTap(namespace, "10.0.0.2");
    Frame question = Frames.of(CapturedFrames.ECHO_REQUEST_V4);
    question.checksum(false, true);
    Frame answer = Frames.empty();
    tap.send(Frames.of(CapturedFrames.ARP_REQUEST));
    await(tap, f -> true);
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

  private static void ping(NamespaceThread where, String options) throws Exception {
    where.sh("ping -W1 " + options + " 10.0.0.2 >/dev/null || true");
  }

  private static Frame await(Port port, Predicate<Frame> wanted) {
    Frame frame = new Frame(Arena.ofAuto());
    try (Poller poller = new Poller()) {
      poller.add(port.descriptor(), Poller.READABLE, events -> {});
      while (poller.poll(5000) > 0) {
        if (port.receive(frame) && wanted.test(frame)) {
          return frame;
        }
      }
    }
    throw new AssertionError("no frame within 5 s on " + port.name());
  }
}
