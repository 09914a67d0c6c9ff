package org.passerelle.bridge.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.bridge.learning.PortCounter.NO_ROOM;
import static org.passerelle.bridge.learning.PortCounter.SENT;
import static org.passerelle.bridge.learning.PortCounter.SENT_BYTES;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.os.Tap;
import org.passerelle.link.port.Frame.Gso;
import org.passerelle.link.port.FrameObserver.Direction;
import org.passerelle.link.port.TracingPort;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.testing.Extent;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.MacAddress;

/** Hosts, which are namespaces with a tap, on a bridge in user space. */
@Needs({Capability.NET_ADMIN, Capability.TAP})
@Timeout(60)
class TapSwitchTest {
  private static final int TRANSFER = Extent.usual(20_000_000, 500_000);

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();

  private final List<Host> hosts = new ArrayList<>();
  private SwitchThread lan;

  /** Longest frame seen at the second host's port, and the longest cut it asked for. */
  private volatile int longest;

  private volatile int segment;

  /** A host with the address 10.0.0.number. */
  private record Host(int number, Namespace namespace, Tap tap, BridgePort port) {
    String address() {
      return "10.0.0." + number;
    }

    /** However long an answer takes: with -W alone a late one is not waited for (ping(8)). */
    void pings(Host other) {
      assertThat(ping(other, 5))
          .as(address() + " to " + other.address())
          .containsPattern(" ([3-9]|\\d\\d+) received");
    }

    void hearsNothingOf(Host other) {
      assertThat(ping(other, 2)).contains(" 0 received");
    }

    private String ping(Host other, int seconds) {
      return namespace.call(
          () -> {
            Process ping =
                new ProcessBuilder("ping", "-c3", "-i0.05", "-w" + seconds, other.address())
                    .redirectErrorStream(true)
                    .start();
            return new String(ping.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          });
    }
  }

  @BeforeEach
  void start() {
    lan = new SwitchThread();
    for (int number = 1; number <= 3; number++) {
      hosts.add(host(number));
    }
  }

  @AfterEach
  void stop() {
    lan.close();
    hosts.forEach(host -> host.tap().close());
  }

  private Host host(int number) {
    Namespace namespace = namespaces.create();
    Tap tap = namespace.call(() -> Tap.open("eth0"));
    tap.offloads(true, true, true);
    try (NetlinkKernel kernel = namespace.kernel()) {
      kernel.change(
          "eth0",
          LinkChange.builder()
              .mac(new MacAddress(0x0016_3E00_0000L + number))
              .gsoMaxSize(65_000)
              .ipv6AddressGeneration(false)
              .build());
      kernel.change("eth0", LinkChange.builder().up(true).build());
    }
    namespaces.address(namespace, "eth0", "10.0.0." + number + "/24");
    return new Host(number, namespace, tap, lan.add(traced(number, tap)));
  }

  private TracingPort traced(int number, Tap tap) {
    return new TracingPort(
        tap,
        (frame, direction, nanos) -> {
          if (number == 2 && direction == Direction.OUT && frame.gso() == Gso.TCP_V4) {
            longest = Math.max(longest, frame.length());
            segment = frame.gsoSize();
          }
        });
  }

  @Tag("host")
  @Test
  void everyHostReachesEveryOther() {
    for (Host from : hosts) {
      for (Host to : hosts) {
        from.pings(to);
      }
    }
  }

  @Test
  void tcpPassesWithItsOffloadsAndNobodyElseSeesIt() throws Exception {
    Host client = hosts.get(0);
    Host server = hosts.get(1);
    Host stranger = hosts.get(2);
    assertThat(transfer(client, server)).isEqualTo(TRANSFER);
    assertThat(longest).as("more than one segment").isGreaterThan(1514);
    assertThat(segment).isEqualTo(1448);
    // Who has received the last frame may be ahead of the thread that counts it.
    while (server.port().counters().get(SENT_BYTES) <= TRANSFER) {
      Thread.onSpinWait();
    }
    assertThat(server.port().counters().get(NO_ROOM)).isZero();
    assertThat(stranger.port().counters().get(SENT)).isLessThan(20); // ARP, and the odd report
  }

  private static long transfer(Host client, Host server) throws Exception {
    try (ServerSocket listener = server.namespace().call(() -> new ServerSocket(5000));
        Socket out =
            client.namespace().call(() -> new Socket(server.address(), listener.getLocalPort()));
        Socket in = listener.accept()) {
      CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(out));
      long count = 0;
      try (InputStream stream = in.getInputStream()) {
        byte[] buffer = new byte[1 << 16];
        for (int got = stream.read(buffer); got >= 0; got = stream.read(buffer)) {
          count += got;
        }
      }
      sending.get(10, TimeUnit.SECONDS);
      return count;
    }
  }

  private static void send(Socket socket) {
    byte[] chunk = new byte[100_000];
    try (OutputStream stream = socket.getOutputStream()) {
      for (int sent = 0; sent < TRANSFER; sent += chunk.length) {
        stream.write(chunk);
      }
    } catch (IOException e) {
      throw new IllegalStateException("send over TCP", e);
    }
  }

  @Test
  void aDeletedLinkLeavesTheOthersConnected() {
    Host gone = hosts.get(2);
    gone.pings(hosts.get(0));
    try (NetlinkKernel kernel = gone.namespace().kernel()) {
      kernel.delete("eth0");
    }
    hosts.get(0).pings(hosts.get(1));
    hosts.get(0).hearsNothingOf(gone);
    assertThat(lan.failed.orTimeout(10, TimeUnit.SECONDS).join()).isSameAs(gone.port());
    hosts.get(0).pings(hosts.get(1));
  }

  @Tag("host")
  @Test
  void aHostThatMovesToAnotherPortIsReachedThere() {
    Host moving = hosts.get(2);
    hosts.get(0).pings(moving);
    lan.remove(moving.port());
    hosts.get(0).hearsNothingOf(moving);
    lan.add(moving.tap());
    hosts.get(0).pings(moving);
  }

  @Tag("host")
  @Test
  void sleepsWhenNothingComes() throws Exception {
    hosts.get(0).pings(hosts.get(1));
    Thread.sleep(Duration.ofMillis(300));
    long before = lan.turns;
    Thread.sleep(Duration.ofMillis(500));
    assertThat(lan.turns - before).isLessThan(20);
  }
}
