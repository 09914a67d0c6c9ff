package org.passerelle.netback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.link.port.Frame.Gso;
import org.passerelle.netback.protocol.BackendNodes;
import org.passerelle.netback.protocol.FrontendNodes;
import org.passerelle.netback.protocol.Offloads;
import org.passerelle.netback.testing.MemoryPort.Sample;
import org.passerelle.netback.testing.Samples;
import org.passerelle.netback.testing.Wire;

/** Both halves on one ring, driven by the test: port, netfront, ring, netback, port. */
class VifPathTest {
  private final Wire wire = new Wire();
  private final List<String> deaths = new ArrayList<>();
  private final VifCounters frontCounters = new VifCounters();
  private final VifCounters backCounters = new VifCounters();
  private final BusyPages busy = new BusyPages(wire.memory, wire.memory);

  @AfterEach
  void free() {
    wire.close();
  }

  private Netfront front(BackendNodes offers) {
    return new Netfront(
        new Netfront.Setup(
            wire.guest,
            DomainId.DOM0,
            offers,
            wire.guestDevice,
            busy,
            frontCounters,
            wire.clock::get,
            deaths::add));
  }

  private Netback back(FrontendNodes nodes, Rate rate) throws ConnectException {
    return Netback.connect(
        new Netback.Setup(
            "vif1.0",
            wire.host,
            wire.guest.id(),
            wire.hostDevice,
            rate,
            backCounters,
            wire.clock::get,
            deaths::add),
        nodes);
  }

  /** A connected pair. */
  private final class Pair implements AutoCloseable {
    final Netfront front;
    final Netback back;

    Pair(BackendNodes offers, Offloads accepts, Rate rate) throws ConnectException {
      front = front(offers);
      FrontendNodes nodes = front.nodes();
      back =
          back(
              new FrontendNodes(
                  nodes.txRing(),
                  nodes.rxRing(),
                  nodes.txPort(),
                  nodes.rxPort(),
                  nodes.rxNotify(),
                  accepts),
              rate);
      front.start();
    }

    Pair() throws ConnectException {
      this(BackendNodes.OURS, Offloads.ALL, Rate.UNLIMITED);
    }

    /** Until neither half has anything to do. */
    void run() {
      int rounds = 0;
      while (front.doWork() + back.doWork() > 0 || front.prepareSleep() | back.prepareSleep()) {
        front.portReady();
        back.portReady();
        assertThat(rounds++).as("rounds").isLessThan(100_000);
      }
    }

    void arrive() {
      front.portReady();
      back.portReady();
      run();
    }

    @Override
    public void close() {
      front.close();
      back.close();
    }
  }

  @Provide
  Arbitrary<List<Sample>> frames() {
    Arbitrary<Integer> lengths =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.integers().between(74, 1514)),
            Tuple.of(2, Arbitraries.integers().between(74, 65535)),
            Tuple.of(1, Arbitraries.of(74, 4095, 4096, 4097, 8192, 8193, 61440, 65534, 65535)));
    return lengths
        .flatMap(length -> Arbitraries.integers().between(0, 5).map(kind -> sample(length, kind)))
        .list()
        .ofMaxSize(60);
  }

  private static Sample sample(int length, int kind) {
    return switch (kind) {
      case 0 -> Samples.plain(Math.max(14, length - 60), length);
      case 1 -> Samples.tcp(false, length, 0, length);
      case 2 -> Samples.tcp(true, length, 0, length);
      case 3 -> Samples.tcp(false, length, 1448, length);
      case 4 -> Samples.tcp(true, length, 65535, length);
      default -> Samples.plain(length, length);
    };
  }

  /** Each frame arrives once, in order, octet by octet, with its metadata, in both directions. */
  @Property(tries = 300)
  void framesArriveAsTheyWereSent(
      @ForAll("frames") List<Sample> out, @ForAll("frames") List<Sample> in, @ForAll boolean split)
      throws ConnectException {
    BackendNodes offers = new BackendNodes(true, split, Offloads.ALL);
    VifPathTest test = new VifPathTest(); // jqwik tries them all on one instance
    try (Pair pair = test.new Pair(offers, Offloads.ALL, Rate.UNLIMITED)) {
      out.forEach(test.wire.guestPort::add);
      in.forEach(test.wire.hostPort::add);
      pair.run();
    }
    assertThat(test.deaths).isEmpty();
    assertThat(test.wire.hostPort.sent).isEqualTo(out);
    assertThat(test.wire.guestPort.sent).isEqualTo(in);
    assertThat(test.wire.memory.freePages()).isEqualTo(598);
    assertThat(test.busy.retry()).as("pages in use after the end").isZero();
    assertThat(test.wire.memory.freePages()).as("pages given back").isEqualTo(600);
    assertThat(test.wire.memory.liveGrants()).isZero();
    assertThat(test.wire.guestEvents.openPorts() + test.wire.hostEvents.openPorts()).isZero();
    test.wire.close();
  }

  @Nested
  class Counting {
    @Test
    void framesAndBytesAreCountedAtBothEnds() throws ConnectException {
      try (Pair pair = new Pair()) {
        wire.guestPort.add(Samples.plain(60, 1));
        wire.guestPort.add(Samples.plain(9000, 2));
        wire.hostPort.add(Samples.plain(1514, 3));
        pair.run();
      }
      for (VifCounters counters : List.of(frontCounters, backCounters)) {
        assertThat(counters.get(Counter.TX_FRAMES)).isEqualTo(2);
        assertThat(counters.get(Counter.TX_BYTES)).isEqualTo(9060);
        assertThat(counters.get(Counter.RX_FRAMES)).isEqualTo(1);
        assertThat(counters.get(Counter.RX_BYTES)).isEqualTo(1514);
      }
    }
  }

  @Nested
  class Offloading {
    @Test
    void aGuestWithoutChecksumOffloadGetsCompleteFrames() throws ConnectException {
      Offloads sgOnly = new Offloads(true, false, false, false, false);
      try (Pair pair = new Pair(BackendNodes.OURS, sgOnly, Rate.UNLIMITED)) {
        wire.hostPort.add(Samples.tcp(false, 1000, 0, 1));
        wire.hostPort.add(Samples.tcp(true, 1000, 0, 2));
        pair.run();
      }
      assertThat(wire.guestPort.sent).hasSize(2).noneMatch(Sample::blank);
      assertThat(wire.guestPort.sent).allMatch(VifPathTest::hasRightTcpChecksum);
    }

    @Test
    void whatAGuestCannotTakeIsDroppedAndCounted() throws ConnectException {
      Offloads none = new Offloads(false, true, true, false, false);
      try (Pair pair = new Pair(BackendNodes.OURS, none, Rate.UNLIMITED)) {
        wire.hostPort.add(Samples.plain(4097, 1));
        wire.hostPort.add(Samples.tcp(false, 3000, 1448, 2));
        wire.hostPort.add(Samples.plain(13 + 1, 3));
        pair.run();
      }
      assertThat(wire.guestPort.sent).containsExactly(Samples.plain(14, 3));
      assertThat(backCounters.get(Counter.RX_DROPS)).isEqualTo(2);
    }

    @Test
    void theDevicesAreToldWhatTheOtherEndTakes() throws ConnectException {
      Offloads some = new Offloads(true, true, false, true, false);
      BackendNodes offers = new BackendNodes(true, true, Offloads.NONE);
      try (Pair pair = new Pair(offers, some, Rate.UNLIMITED)) {
        assertThat(wire.hostDevice.peer).isEqualTo(some);
        assertThat(wire.guestDevice.peer).isEqualTo(Offloads.NONE);
        assertThat(wire.hostDevice.carrier).containsExactly(true);
        assertThat(wire.guestDevice.carrier).containsExactly(true);
        assertThat(pair.back.eventPorts()).hasSize(2);
      }
    }

    /** A frontend that forgets csum_blank on a GSO frame: mended and counted. */
    @Test
    void aGsoFrameWithoutABlankChecksumIsMended() throws ConnectException {
      Sample good = Samples.tcp(false, 5000, 1448, 9);
      byte[] octets = good.octets().clone();
      octets[34 + 16] ^= 0x55;
      Sample bad = new Sample(octets, false, false, Gso.TCP_V4, 1448);
      try (Pair pair = new Pair()) {
        wire.guestPort.add(bad);
        pair.run();
      }
      assertThat(wire.hostPort.sent).containsExactly(good);
      assertThat(backCounters.get(Counter.GSO_CHECKSUM_FIXUPS)).isEqualTo(1);
    }

    @Test
    void aBlankChecksumThatIsNowhereIsDropped() throws ConnectException {
      Sample plain = Samples.plain(200, 1);
      try (Pair pair = new Pair()) {
        wire.guestPort.add(new Sample(plain.octets(), true, true, Gso.NONE, 0));
        wire.guestPort.add(plain);
        pair.run();
      }
      assertThat(wire.hostPort.sent).containsExactly(plain);
      assertThat(backCounters.get(Counter.TX_DROPS)).isEqualTo(1);
    }
  }

  /** The sum over pseudo header and segment of a right checksum is all ones (RFC 1071). */
  private static boolean hasRightTcpChecksum(Sample sample) {
    byte[] octets = sample.octets();
    boolean v6 = octets[12] == (byte) 0x86;
    int transport = v6 ? 54 : 34;
    int addresses = v6 ? 22 : 26;
    long sum = 6 + octets.length - transport;
    for (int at = addresses; at < octets.length; at += 2) {
      int low = at + 1 < octets.length ? octets[at + 1] & 0xff : 0;
      sum += (octets[at] & 0xff) << 8 | low;
    }
    while (sum >> 16 != 0) {
      sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum == 0xffff;
  }

  @Nested
  class Backpressure {
    @Test
    void aPortWithoutRoomDelaysAndLosesNothing() throws ConnectException {
      try (Pair pair = new Pair()) {
        wire.hostPort.room = 3;
        wire.guestPort.room = 2;
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
          samples.add(Samples.plain(100 + i, i));
        }
        samples.forEach(wire.guestPort::add);
        samples.forEach(wire.hostPort::add);
        pair.run();
        assertThat(wire.hostPort.sent).hasSize(3);
        assertThat(pair.back.deadline()).isEqualTo(wire.clock.get() + 1_000_000);
        assertThat(pair.front.deadline()).isEqualTo(wire.clock.get() + 1_000_000);
        wire.hostPort.room = 10_000;
        wire.guestPort.room = 10_000;
        pair.arrive();
        assertThat(wire.hostPort.sent).isEqualTo(samples);
        assertThat(wire.guestPort.sent).isEqualTo(samples);
      }
    }

    @Test
    void aRateDelaysAndLosesNothing() throws ConnectException {
      try (Pair pair = new Pair(BackendNodes.OURS, Offloads.ALL, new Rate(2000, 50_000))) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          samples.add(Samples.plain(1000, i));
        }
        samples.forEach(wire.guestPort::add);
        pair.run();
        assertThat(wire.hostPort.sent).hasSize(2);
        assertThat(pair.back.deadline()).isEqualTo(wire.clock.get() + 50_000_000);
        wire.clock.addAndGet(50_000_000);
        pair.run();
        assertThat(wire.hostPort.sent).hasSize(4);
        pair.back.rate(Rate.UNLIMITED);
        pair.run();
        assertThat(wire.hostPort.sent).isEqualTo(samples);
        assertThat(pair.back.deadline()).isEqualTo(Half.NEVER);
      }
    }

    @Test
    void nothingGoesBeforeTheBackendIsConnected() {
      Netfront front = front(BackendNodes.OURS);
      wire.guestPort.add(Samples.plain(60, 1));
      front.portReady();
      assertThat(front.doWork()).isZero();
      assertThat(wire.guestPort.waiting()).isEqualTo(1);
      assertThat(wire.guestDevice.carrier).isEmpty();
      front.close();
    }
  }

  @Nested
  class Notifying {
    @Test
    void aBurstIsToldOnce() throws ConnectException {
      try (Pair pair = new Pair()) {
        pair.run();
        int before = wire.guestEvents.notified[pair.front.nodes().txPort()];
        for (int i = 0; i < 64; i++) {
          wire.guestPort.add(Samples.plain(60, i));
        }
        pair.arrive();
        assertThat(wire.hostPort.sent).hasSize(64);
        assertThat(wire.guestEvents.notified[pair.front.nodes().txPort()]).isEqualTo(before + 1);
      }
    }

    @Test
    void aFrontendThatSleepsIsToldOfAFrame() throws ConnectException {
      try (Pair pair = new Pair()) {
        pastTheFirstEvent(pair);
        int port = pair.back.eventPorts()[1];
        int before = wire.hostEvents.notified[port];
        wire.hostPort.add(Samples.plain(60, 1));
        pair.back.portReady();
        pair.back.doWork();
        assertThat(wire.hostEvents.notified[port]).isEqualTo(before + 1);
      }
    }

    @Test
    void aFrontendIsToldOfRoomOnlyWhenItWaitsForIt() throws ConnectException {
      try (Pair pair = new Pair()) {
        pastTheFirstEvent(pair);
        int port = pair.back.eventPorts()[0];
        sendWithoutBackend(pair, 300);
        int before = wire.hostEvents.notified[port];
        pair.back.doWork();
        assertThat(wire.hostEvents.notified[port]).as("44 frames wait").isEqualTo(before + 1);
        pair.run();
        assertThat(wire.hostPort.sent).hasSize(301);

        before = wire.hostEvents.notified[port];
        sendWithoutBackend(pair, 10);
        pair.back.doWork();
        assertThat(wire.hostPort.sent).hasSize(311);
        assertThat(wire.hostEvents.notified[port]).as("none waits").isEqualTo(before);
      }
    }

    /** A new ring asks for its first event by itself. */
    private void pastTheFirstEvent(Pair pair) {
      wire.guestPort.add(Samples.plain(60, 1));
      wire.hostPort.add(Samples.plain(60, 1));
      pair.arrive();
    }

    private void sendWithoutBackend(Pair pair, int frames) {
      for (int i = 0; i < frames; i++) {
        wire.guestPort.add(Samples.plain(60, i));
      }
      pair.front.portReady();
      while (pair.front.doWork() > 0) {}
      pair.front.prepareSleep();
    }

    @Test
    void aStormIsNotListenedToForAWhile() throws ConnectException {
      try (Pair pair = new Pair()) {
        pair.run();
        for (int i = 0; i < 65; i++) {
          pair.back.eventArrived(pair.back.eventPorts()[0]);
          pair.back.doWork();
        }
        assertThat(wire.hostEvents.masked).as("both channels").isEqualTo(2);
        assertThat(backCounters.get(Counter.EVENT_STORMS)).isEqualTo(1);
        assertThat(pair.back.deadline()).isEqualTo(wire.clock.get() + 1_000_000);
        wire.clock.addAndGet(1_000_000);
        pair.back.doWork();
        assertThat(wire.hostEvents.masked).isZero();
      }
    }
  }

  @Nested
  class Giving {
    /** XSA-396: a page that the backend has mapped still is not used again. */
    @Test
    void pagesInUseAreKeptUntilTheyAreNot() throws ConnectException {
      Pair pair = new Pair();
      pair.front.close();
      assertThat(wire.memory.freePages()).as("but for both rings").isEqualTo(598);
      assertThat(busy.retry()).isEqualTo(2);
      pair.back.close();
      assertThat(busy.retry()).isZero();
      assertThat(wire.memory.freePages()).isEqualTo(600);
    }

    @Test
    void aGuestWithoutEnoughPagesKeepsNone() {
      List<Integer> taken = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        taken.add(wire.memory.allocate());
      }
      assertThatThrownBy(() -> front(BackendNodes.OURS)).hasMessage("out of pages");
      assertThat(wire.memory.freePages()).isEqualTo(400);
      assertThat(wire.memory.liveGrants()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aFailingConnectGivesBackWhatItHad(int wrong) {
      Netfront front = front(BackendNodes.OURS);
      FrontendNodes good = front.nodes();
      FrontendNodes nodes =
          new FrontendNodes(
              wrong == 0 ? 4711 : good.txRing(),
              wrong == 1 ? 4711 : good.rxRing(),
              wrong == 2 ? 63 : good.txPort(),
              wrong == 3 ? 63 : good.rxPort(),
              true,
              Offloads.ALL);
      assertThatThrownBy(() -> back(nodes, Rate.UNLIMITED))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining(wrong < 2 ? "4711" : "63");
      assertThat(wire.hostEvents.openPorts()).isZero();
      front.close();
      assertThat(busy.retry()).as("nothing stays mapped").isZero();
    }

    @Test
    void aDeviceThatFailsEndsItsHalf() throws ConnectException {
      try (Pair pair = new Pair()) {
        pair.run();
        wire.hostPort.failure = new IllegalStateException("the link is gone");
        wire.hostPort.add(Samples.plain(60, 1));
        pair.back.portReady();
        assertThat(pair.back.doWork()).isZero();
        assertThat(deaths).containsExactly("vif1.0 failed: the link is gone");
        assertThat(pair.back.doWork()).isZero();
        assertThat(deaths).as("said once").hasSize(1);
      }
    }
  }
}
