package org.passerelle.lab.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.os.PacketSocket;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Frames;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.EtherType;
import org.passerelle.link.wire.Ethernet;
import org.passerelle.link.wire.MacAddress;

/**
 * dom0 with a bridge in user space and two hosts behind it, one a namespace each: {@code
 * vif1.0}–{@code web} and {@code vif2.0}–{@code db}.
 */
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.PACKET_SOCKET,
  Capability.INGRESS_DROP,
  Capability.IPROUTE2
})
@Timeout(60)
class SwitchedNamespaceTest {
  /** web asks who has 192.0.2.10, dom0's address. */
  private static final String ARP_REQUEST =
      "ffffffffffff 00163e000001 0806 0001 0800 06 04 0001 00163e000001 c0000202 000000000000"
          + " c000020a"
          + "00".repeat(18);

  private static final int PORT = 4000;

  /** SOL_UDP, UDP_SEGMENT (linux/udp.h). */
  private static final String SEND_SEGMENTS =
      """
      import socket, sys
      sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      sender.setsockopt(17, 103, 1000)
      sender.sendto(bytes(2500), (sys.argv[1], int(sys.argv[2])))
      """;

  private static final LinkChange UP = LinkChange.builder().up(true).build();

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();

  private final SwitchThread thread = new SwitchThread();
  private Namespace dom0;
  private Namespace web;
  private Namespace db;
  private Namespace nas;
  private SwitchedNamespace switched;
  private Kernel kernel;

  @BeforeEach
  void hosts() {
    dom0 = namespaces.create();
    web = namespaces.create();
    db = namespaces.create();
    namespaces.wire(dom0, "vif1.0", web, "eth0");
    namespaces.wire(dom0, "vif2.0", db, "eth0");
    switched = new SwitchedNamespace(thread, dom0);
    kernel = switched.kernel();
    kernel.create(LinkSpec.of("xenbr0", BridgeKind.XEN));
    kernel.change("xenbr0", UP);
    kernel.change("vif1.0", LinkChange.builder().master("xenbr0").mac(MacAddress.VIF).build());
    kernel.change("vif2.0", LinkChange.builder().master("xenbr0").mac(MacAddress.VIF).build());
    namespaces.address(web, "eth0", "192.0.2.2/24");
    namespaces.address(db, "eth0", "192.0.2.3/24");
    namespaces.address(dom0, "xenbr0", "192.0.2.10/24");
  }

  @AfterEach
  void end() {
    kernel.close();
    switched.close();
    thread.close();
  }

  private static String run(Namespace namespace, String... command) {
    return namespace.call(
        () -> {
          Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
          return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        });
  }

  private static boolean pings(Namespace from, String to) {
    return run(from, "ping", "-c2", "-i0.1", "-W2", to).contains(" 0% packet loss");
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("still waiting: " + what).isNegative();
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  @Test
  void everybodyReachesEverybody() {
    assertThat(pings(web, "192.0.2.3")).isTrue();
    assertThat(pings(web, "192.0.2.10")).isTrue();
    assertThat(pings(dom0, "192.0.2.3")).isTrue();
  }

  /** The host has the port's own MAC too, and would answer with it. */
  @Test
  void dom0AnswersOnce() {
    PacketSocket socket = web.call(() -> PacketSocket.open("eth0"));
    try (socket) {
      socket.send(Frames.of(ARP_REQUEST));
      List<Long> answers = new ArrayList<>();
      await("an answer", () -> collect(socket, answers) > 0);
      LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
      collect(socket, answers);
      assertThat(answers).containsExactly(kernel.link("xenbr0").orElseThrow().mac().bits());
    }
  }

  /** The senders of ARP replies. */
  private static int collect(PacketSocket socket, List<Long> answers) {
    Frame frame = Frames.empty();
    while (socket.receive(frame)) {
      if (Ethernet.type(frame.memory(), Frame.DATA) == EtherType.ARP
          && Frames.hex(frame).startsWith("0002", 40)) {
        answers.add(Ethernet.source(frame.memory(), Frame.DATA));
      }
    }
    return answers.size();
  }

  /** UDP in one piece, to be cut by the device (UDP_SEGMENT): what netif's slots cannot tell of. */
  @ParameterizedTest
  @CsvSource({
    "dom0, db, 192.0.2.3", // out of the bridge's own device
    "nas, db, 192.0.2.3", // out of a wire's end
    "nas, dom0, 192.0.2.10"
  })
  void longDatagramsArriveInSegments(String from, String to, String address) throws IOException {
    nas = namespaces.create();
    kernel.create(LinkSpec.of("vif3.0", new VethKind("eth0").withPeerIn(nas.descriptor())));
    kernel.change("vif3.0", LinkChange.builder().master("xenbr0").up(true).build());
    try (NetlinkKernel there = nas.kernel()) {
      there.change("eth0", UP);
    }
    namespaces.address(nas, "eth0", "192.0.2.4/24");
    try (DatagramSocket target = host(to).call(() -> new DatagramSocket(PORT))) {
      assertThat(run(host(from), "python3", "-c", SEND_SEGMENTS, address, "" + PORT)).isEmpty();
      assertThat(List.of(length(target), length(target), length(target)))
          .containsExactly(1000, 1000, 500);
    }
  }

  private Namespace host(String name) {
    return Map.of("dom0", dom0, "web", web, "db", db, "nas", nas).get(name);
  }

  private static int length(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
    socket.setSoTimeout(20_000);
    socket.receive(packet);
    return packet.getLength();
  }

  @Test
  void namesMayChangeWhileFramesPass() {
    kernel.change("vif1.0", LinkChange.builder().name("web").build());
    kernel.change("xenbr0", LinkChange.builder().name("br7").build());
    assertThat(pings(web, "192.0.2.3")).isTrue();
    assertThat(pings(web, "192.0.2.10")).isTrue();
  }

  @Test
  void aBridgeThatIsDownForwardsNothing() {
    kernel.change("xenbr0", LinkChange.builder().up(false).build());
    await("silence", () -> !pings(web, "192.0.2.3"));
    kernel.change("xenbr0", UP);
    await("traffic", () -> pings(web, "192.0.2.3"));
  }

  @Test
  void aPortThatIsReleasedIsTheHostsAgain() {
    namespaces.address(dom0, "vif1.0", "198.51.100.1/24");
    namespaces.address(web, "eth0", "198.51.100.2/24");
    assertThat(pings(web, "198.51.100.1")).as("while it is a port").isFalse();
    kernel.change("vif1.0", LinkChange.builder().master("").build());
    assertThat(pings(web, "192.0.2.3")).isFalse();
    assertThat(pings(web, "198.51.100.1")).isTrue();
    kernel.change("vif1.0", LinkChange.builder().master("xenbr0").build());
    await("web to ask anew", () -> pings(web, "192.0.2.3"));
  }

  @Test
  void aPortThatVanishesLeavesTheOthers() {
    try (NetlinkKernel direct = dom0.kernel()) {
      direct.delete("vif2.0");
    }
    assertThat(pings(web, "192.0.2.10")).isTrue();
    namespaces.wire(dom0, "vif2.0", db, "eth0");
    namespaces.address(db, "eth0", "192.0.2.3/24");
    assertThat(kernel.link("vif2.0").orElseThrow().master()).isZero();
    kernel.change("vif2.0", LinkChange.builder().master("xenbr0").build());
    assertThat(pings(web, "192.0.2.3")).isTrue();
  }

  /** Its own device would hear nothing of what passes between two ports. */
  @Test
  void whoListensOnTheBridgeHearsAll() {
    assertThat(pings(web, "192.0.2.3")).isTrue();
    PacketSocket capture = dom0.call(() -> PacketSocket.open("xenbr0"));
    try (capture) {
      assertThat(pings(web, "192.0.2.3")).isTrue();
      awaitEchoes(capture);
    }
  }

  /** The switch hears nothing while more happens than there is room for. */
  @Test
  void whoListensHearsAllThoughTheNewsOfItWereLost() throws InterruptedException {
    assertThat(pings(web, "192.0.2.3")).isTrue();
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Thread.ofPlatform().daemon().start(() -> thread.call(() -> hold(busy, release)));
    busy.await();
    try (NetlinkKernel direct = dom0.kernel()) {
      for (int i = 0; i < 1000; i++) {
        direct.change("vif1.0", LinkChange.builder().mtu(1400 + i % 2).build());
      }
    }
    PacketSocket capture = dom0.call(() -> PacketSocket.open("xenbr0"));
    try (capture) {
      release.countDown();
      assertThat(pings(web, "192.0.2.3")).isTrue();
      awaitEchoes(capture);
    }
  }

  private static Void hold(CountDownLatch busy, CountDownLatch release)
      throws InterruptedException {
    busy.countDown();
    release.await();
    return null;
  }

  @Test
  void nothingIsLeftOfOneThatCannotBeMade() throws IOException {
    Namespace gone = Namespace.create();
    gone.close();
    assertLeavesNothing(() -> new SwitchedNamespace(thread, gone));
    SwitchThread stopped = new SwitchThread();
    stopped.close();
    assertLeavesNothing(() -> new SwitchedNamespace(stopped, dom0));
  }

  private static void assertLeavesNothing(ThrowingCallable making) throws IOException {
    long before = descriptors();
    assertThatThrownBy(making).isInstanceOf(RuntimeException.class);
    assertThat(descriptors()).isLessThanOrEqualTo(before); // others may end meanwhile
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.count();
    }
  }

  @Test
  void whoDoesNotListenIsNotSentWhatIsForOthers() {
    assertThat(pings(web, "192.0.2.3")).isTrue();
    String before = received();
    assertThat(run(web, "ping", "-c200", "-i0.002", "192.0.2.3")).contains(" 0% packet loss");
    assertThat(Integer.parseInt(received()) - Integer.parseInt(before)).isLessThan(20);
  }

  private String received() {
    return run(dom0, "sh", "-c", "ip -s link show xenbr0 | sed -n 4p | tr -s ' ' | cut -d' ' -f3")
        .strip();
  }

  /** Two requests and two replies; ping may end before the last one is shown to us. */
  private static void awaitEchoes(PacketSocket capture) {
    AtomicInteger seen = new AtomicInteger();
    await("four echoes", () -> seen.addAndGet(echoes(capture)) >= 4);
    assertThat(seen).hasValue(4);
  }

  private static int echoes(PacketSocket capture) {
    Frame frame = Frames.empty();
    int count = 0;
    while (capture.receive(frame)) {
      count += Frames.hex(frame).startsWith("01", 46) && frame.length() == 98 ? 1 : 0;
    }
    return count;
  }

  @Test
  void nothingIsLeftOfABridgeThatEnds() {
    kernel.delete("xenbr0");
    assertThat(kernel.links()).noneMatch(link -> link.master() != 0);
    assertThat(run(dom0, "tc", "qdisc", "show")).doesNotContain("clsact");
    namespaces.address(dom0, "vif1.0", "192.0.2.11/24");
    assertThat(pings(web, "192.0.2.11")).isTrue();
  }
}
