package org.passerelle.bridge.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.bridge.learning.PortCounter.FILTERED;
import static org.passerelle.bridge.learning.PortCounter.INVALID;
import static org.passerelle.bridge.learning.PortCounter.NO_ROOM;
import static org.passerelle.bridge.learning.PortCounter.RECEIVED;
import static org.passerelle.bridge.learning.PortCounter.RECEIVED_BYTES;
import static org.passerelle.bridge.learning.PortCounter.SENT;
import static org.passerelle.bridge.learning.PortCounter.SENT_BYTES;
import static org.passerelle.bridge.learning.TestFrames.BROADCAST;
import static org.passerelle.bridge.learning.TestFrames.DB;
import static org.passerelle.bridge.learning.TestFrames.MAIL;
import static org.passerelle.bridge.learning.TestFrames.WEB;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.Test;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Frame.Gso;
import org.passerelle.link.port.Frames;
import org.passerelle.link.testing.Allocation;

class LearningBridgeTest {
  private static final long SECOND = 1_000_000_000L;

  private final List<String> failures = new ArrayList<>();
  private final MemoryPort one = new MemoryPort("one");
  private final MemoryPort two = new MemoryPort("two");
  private final MemoryPort three = new MemoryPort("three");
  private long clock = -17; // nanoTime may begin anywhere
  private final LearningBridge bridge =
      new LearningBridge(
          "lan", () -> clock, (port, cause) -> failures.add(port + ": " + cause.getMessage()));
  private final BridgePort first = bridge.add(one);
  private final BridgePort second = bridge.add(two);
  private final BridgePort third = bridge.add(three);

  /** Lets a port bring a frame, and returns which ports got it. */
  private List<MemoryPort> bring(MemoryPort from, Frame frame) {
    from.incoming.add(frame);
    String text = MemoryPort.text(frame);
    assertThat(bridge.doWork()).isEqualTo(1);
    List<MemoryPort> reached = new ArrayList<>();
    for (MemoryPort port : List.of(one, two, three)) {
      List<String> sent = port.takeSent();
      if (!sent.isEmpty()) {
        assertThat(sent).containsExactly(text);
        reached.add(port);
      }
    }
    return reached;
  }

  private List<MemoryPort> bring(MemoryPort from, long source, long destination) {
    return bring(from, TestFrames.frame(source, destination, 0));
  }

  @Test
  void whatIsUnknownGoesEverywhereButBack() {
    assertThat(bring(one, WEB, MAIL)).containsExactly(two, three);
    assertThat(bring(one, WEB, BROADCAST)).containsExactly(two, three);
    assertThat(bring(two, MAIL, 0x3333_0000_0001L)).containsExactly(one, three);
  }

  @Test
  void whatIsKnownGoesToItsPortOnly() {
    bring(one, WEB, BROADCAST);
    assertThat(bring(two, MAIL, WEB)).containsExactly(one);
    assertThat(bring(one, WEB, MAIL)).containsExactly(two);
    assertThat(bring(three, DB, WEB)).containsExactly(one);
  }

  @Test
  void aStationThatMovedIsReachedAtOnce() {
    bring(one, WEB, BROADCAST);
    bring(three, WEB, BROADCAST);
    assertThat(bring(two, MAIL, WEB)).containsExactly(three);
  }

  @Test
  void aSilentStationIsForgotten() {
    bring(one, WEB, BROADCAST);
    clock += 300 * SECOND - 1;
    assertThat(bring(two, MAIL, WEB)).containsExactly(one);
    clock += 1;
    assertThat(bring(two, MAIL, WEB)).containsExactly(one, three);
  }

  @Test
  void anotherAgeingTimeHoldsAtOnceForAll() {
    bring(one, WEB, BROADCAST);
    clock += 10 * SECOND;
    assertThat(bring(two, MAIL, WEB)).containsExactly(one);
    bridge.ageing(10_000);
    assertThat(bring(two, MAIL, WEB)).containsExactly(one, three);
    bridge.ageing(0);
    bring(one, WEB, BROADCAST);
    assertThat(bring(two, MAIL, WEB)).as("a hub").containsExactly(one, three);
  }

  @Test
  void anEavesdropperHearsWhatIsForOthersOnce() {
    bring(one, WEB, BROADCAST);
    bring(two, MAIL, BROADCAST);
    bring(three, DB, BROADCAST);
    bridge.eavesdropper(third);
    assertThat(bring(one, WEB, MAIL)).containsExactly(two, three);
    assertThat(bring(one, WEB, DB)).containsExactly(three);
    assertThat(bring(one, WEB, BROADCAST)).containsExactly(two, three);
    assertThat(bring(one, WEB, WEB)).as("what its side has").containsExactly(three);
    assertThat(bring(three, DB, WEB)).containsExactly(one);
    assertThat(bring(three, DB, DB)).isEmpty();
    bridge.eavesdropper(null);
    assertThat(bring(one, WEB, MAIL)).containsExactly(two);
  }

  @Test
  void anEavesdropperThatLeftHearsNothing() {
    bring(two, MAIL, BROADCAST);
    bridge.eavesdropper(third);
    bridge.remove(third);
    assertThat(bring(one, WEB, MAIL)).containsExactly(two);
  }

  @Test
  void neighboursBehindOnePortHearNoEcho() {
    bring(one, WEB, BROADCAST);
    assertThat(bring(one, MAIL, WEB)).isEmpty();
    assertThat(bring(one, WEB, WEB)).isEmpty();
    assertThat(first.counters().get(FILTERED)).isEqualTo(2);
  }

  @Test
  void linkLocalGroupsStayOnTheirLinkButTheirSendersAreLearnt() {
    for (long group = 0x0180_C200_0000L; group <= 0x0180_C200_000FL; group++) {
      assertThat(bring(one, WEB, group)).isEmpty();
    }
    assertThat(first.counters().get(FILTERED)).isEqualTo(16);
    assertThat(bring(two, MAIL, WEB)).containsExactly(one);
    assertThat(bring(one, WEB, 0x0180_C200_0010L)).containsExactly(two, three);
    assertThat(bring(one, WEB, 0x0180_C1FF_FFFFL)).containsExactly(two, three);
  }

  @Test
  void whatNoStationCanHaveSentIsDroppedAndNotLearnt() {
    assertThat(bring(one, 0, BROADCAST)).isEmpty();
    assertThat(bring(one, BROADCAST, MAIL)).isEmpty();
    assertThat(bring(one, 0x3333_0000_0001L, MAIL)).isEmpty();
    assertThat(bring(one, Frames.of("ffffffffffff 00163e000001 88"))).isEmpty();
    assertThat(bring(one, Frames.empty())).isEmpty();
    assertThat(first.counters().get(INVALID)).isEqualTo(5);
    assertThat(bring(two, MAIL, WEB)).containsExactly(one, three);
    assertThat(bring(two, MAIL, 0x3333_0000_0001L)).containsExactly(one, three);
  }

  @Test
  void theShortestFrameIsAHeader() {
    assertThat(bring(one, Frames.of("ffffffffffff 00163e000001 88b5"))).containsExactly(two, three);
  }

  @Test
  void offloadMetadataPass() {
    Frame large = TestFrames.frame(WEB, BROADCAST, 1);
    large.checksum(true, true);
    large.gso(Gso.TCP_V6, 1428);
    assertThat(bring(one, large)).containsExactly(two, three);
    assertThat(bring(one, TestFrames.frame(WEB, BROADCAST, 2))).containsExactly(two, three);
  }

  @Test
  void countsFramesAndBytes() {
    bring(one, WEB, BROADCAST);
    bring(two, MAIL, WEB);
    assertThat(first.counters().get(RECEIVED)).isEqualTo(1);
    assertThat(first.counters().get(RECEIVED_BYTES)).isEqualTo(18);
    assertThat(first.counters().get(SENT)).isEqualTo(1);
    assertThat(first.counters().get(SENT_BYTES)).isEqualTo(18);
    assertThat(third.counters().get(SENT)).isEqualTo(1);
    assertThat(third.counters().get(RECEIVED)).isZero();
  }

  @Test
  void aFullPortLosesTheFrameAndHoldsUpNobody() {
    two.room = 0;
    assertThat(bring(one, WEB, BROADCAST)).containsExactly(three);
    assertThat(second.counters().get(NO_ROOM)).isEqualTo(1);
    two.room = 1;
    assertThat(bring(one, WEB, BROADCAST)).containsExactly(two, three);
    assertThat(second.counters().get(NO_ROOM)).isEqualTo(1);
  }

  @Test
  void aPortThatBreaksWhileSendingIsTakenOutAndItsStationsForgotten() {
    bring(two, MAIL, BROADCAST);
    two.broken = new IllegalStateException("gone");
    assertThat(bring(one, WEB, MAIL)).isEmpty();
    assertThat(failures).containsExactly("two: gone");
    assertThat(bridge.ports()).containsExactly(first, third);
    assertThat(bring(one, WEB, MAIL)).containsExactly(three);
    assertThat(failures).hasSize(1);
  }

  @Test
  void aClosedPortIsNoticedWhenItIsAskedForFrames() {
    two.close();
    assertThat(bring(one, WEB, BROADCAST)).containsExactly(three);
    assertThat(failures).containsExactly("two: two is closed");
    int asked = two.asked;
    bridge.ready(second);
    bridge.doWork();
    assertThat(two.asked).isEqualTo(asked);
  }

  @Test
  void aBrokenPortIsReplacedByItsListener() {
    MemoryPort spare = new MemoryPort("spare");
    LearningBridge[] healing = new LearningBridge[1];
    healing[0] = new LearningBridge("lan", () -> clock, (port, cause) -> healing[0].add(spare));
    healing[0].add(one);
    two.close();
    healing[0].add(two);
    one.incoming.add(TestFrames.frame(WEB, BROADCAST, 1));
    healing[0].doWork();
    one.incoming.add(TestFrames.frame(WEB, BROADCAST, 2));
    healing[0].doWork();
    assertThat(healing[0].ports()).extracting(BridgePort::port).containsExactly(one, spare);
    assertThat(spare.sent).containsExactly(MemoryPort.text(TestFrames.frame(WEB, BROADCAST, 2)));
  }

  @Test
  void aPortThatLeftGetsNothingAndBringsNothing() {
    bring(two, MAIL, BROADCAST);
    bridge.remove(second);
    bridge.remove(second);
    two.incoming.add(TestFrames.frame(MAIL, BROADCAST, 0));
    assertThat(bring(one, WEB, MAIL)).containsExactly(three);
    BridgePort again = bridge.add(new MemoryPort("four"));
    bridge.remove(second); // has left; its number may be another's now
    assertThat(bridge.ports()).containsExactly(first, again, third);
  }

  @Test
  void aNewPortTakesPartAtOnce() {
    bring(one, WEB, BROADCAST);
    MemoryPort four = new MemoryPort("four");
    bridge.add(four);
    four.incoming.add(TestFrames.frame(DB, WEB, 7));
    bridge.doWork();
    assertThat(one.sent).containsExactly(MemoryPort.text(TestFrames.frame(DB, WEB, 7)));
  }

  @Test
  void aPortWithADescriptorIsAskedAgainOnlyWhenItIsReady() {
    MemoryPort tap = new MemoryPort("tap");
    tap.descriptor = 5;
    BridgePort port = bridge.add(tap);
    bridge.doWork();
    assertThat(tap.asked).isEqualTo(1);
    tap.incoming.add(TestFrames.frame(DB, BROADCAST, 1));
    assertThat(bridge.doWork()).isZero();
    bridge.ready(port);
    bridge.ready(port);
    assertThat(bridge.doWork()).isEqualTo(1);
    assertThat(tap.asked).isEqualTo(3);
  }

  @Test
  void theLateNewsOfAPortThatLeftAreIgnored() {
    MemoryPort tap = new MemoryPort("tap");
    tap.descriptor = 5;
    BridgePort left = bridge.add(tap);
    bridge.doWork();
    bridge.remove(left);
    bridge.add(new MemoryPort("four")); // it has the number of the one that left
    tap.incoming.add(TestFrames.frame(DB, BROADCAST, 1));
    bridge.ready(left);
    assertThat(bridge.doWork()).isZero();
  }

  @Test
  void oneCallIsBoundedAndNothingIsForgotten() {
    MemoryPort tap = new MemoryPort("tap");
    tap.descriptor = 5;
    bridge.add(tap);
    for (int i = 0; i < 100; i++) {
      tap.incoming.add(TestFrames.frame(DB, BROADCAST, i));
      one.incoming.add(TestFrames.frame(WEB, BROADCAST, i));
    }
    assertThat(bridge.doWork()).isEqualTo(64);
    assertThat(bridge.doWork()).isEqualTo(64);
    assertThat(bridge.doWork()).isEqualTo(64);
    assertThat(bridge.doWork()).isEqualTo(8);
    assertThat(bridge.doWork()).isZero();
    assertThat(two.sent).hasSize(200);
  }

  @Test
  void portsShareAScarceOneEvenly() {
    assertThat(shareOfOne(40)).isBetween(0.48, 0.52);
  }

  /** Who is asked first would have it all, were it always the same. */
  @Test
  void portsTakeTurnsAtTheLastPlace() {
    assertThat(shareOfOne(1)).isBetween(0.3, 0.7);
  }

  /**
   * Ports one and two send without end to port three: what part of its room port one gets.
   *
   * @param room frames that port three takes in each call
   */
  private double shareOfOne(int room) {
    for (int round = 0; round < 100; round++) {
      for (int i = one.incoming.size(); i < 100; i++) {
        one.incoming.add(TestFrames.frame(WEB, DB, i));
      }
      for (int i = two.incoming.size(); i < 100; i++) {
        two.incoming.add(TestFrames.frame(MAIL, DB, i));
      }
      three.room = room;
      bridge.doWork();
    }
    String web = "%012x".formatted(WEB);
    long ofWeb = three.sent.stream().filter(text -> text.startsWith(web, 12)).count();
    assertThat(three.sent).hasSize(100 * room);
    return ofWeb / (100.0 * room);
  }

  @Test
  void whoFloodsTheTableIsNamedOnceAndHarmsNobody() {
    ForwardingTable small = new ForwardingTable(4, 300_000, 1);
    LearningBridge lan = new LearningBridge("lan", () -> clock, (port, cause) -> {}, small);
    lan.add(one);
    lan.add(two);
    lan.add(three);
    two.incoming.add(TestFrames.frame(MAIL, BROADCAST, 0));
    lan.doWork();
    List<String> warnings = warningsDuring(() -> invent(lan, 1_000));
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith("bridge lan: 4 stations are known, as many as there is room for; port one ");
    three.takeSent();
    one.incoming.add(TestFrames.frame(WEB, MAIL, 0));
    lan.doWork();
    assertThat(three.sent).isEmpty();
  }

  private void invent(LearningBridge lan, int stations) {
    for (long station = 1; station <= stations; station++) {
      one.incoming.add(TestFrames.frame(station << 20, BROADCAST, 0));
    }
    while (lan.doWork() > 0) {
      assertThat(three.takeSent()).isNotEmpty();
    }
  }

  private static List<String> warningsDuring(Runnable task) {
    List<String> warnings = new ArrayList<>();
    Logger logger = Logger.getLogger(LearningBridge.class.getName());
    Handler handler =
        new StreamHandler(OutputStream.nullOutputStream(), new SimpleFormatter()) {
          @Override
          public synchronized void publish(LogRecord record) {
            warnings.add(getFormatter().formatMessage(record));
          }
        };
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      task.run();
    } finally {
      logger.setUseParentHandlers(true);
      logger.removeHandler(handler);
    }
    return warnings;
  }

  @Test
  void aFrameCostsNoAllocation() {
    LearningBridge quiet = new LearningBridge("lan", System::nanoTime, (port, cause) -> {});
    quiet.add(new Source());
    quiet.add(new Source());
    assertThat(Allocation.least(20_000, () -> assertThat(work(quiet, 10_000)).isEqualTo(640_000)))
        .isLessThan(20_000);
  }

  private static int work(LearningBridge bridge, int calls) {
    int frames = 0;
    for (int i = 0; i < calls; i++) {
      frames += bridge.doWork();
    }
    return frames;
  }
}
