package org.passerelle.netback;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.memory.ForeignGrants.MappedGrant;
import org.passerelle.hypervisor.memory.GrantAccess;
import org.passerelle.hypervisor.memory.GrantException;
import org.passerelle.hypervisor.ring.BackRing;
import org.passerelle.netback.protocol.BackendNodes;
import org.passerelle.netback.protocol.ExtraInfo;
import org.passerelle.netback.protocol.RxFlags;
import org.passerelle.netback.protocol.RxRequest;
import org.passerelle.netback.protocol.RxResponse;
import org.passerelle.netback.protocol.TxRequest;
import org.passerelle.netback.protocol.TxResponse;
import org.passerelle.netback.testing.Samples;
import org.passerelle.netback.testing.Wire;

/** A frontend against a backend that answers what it likes. */
class HostileBackendTest {
  private final Wire wire = new Wire();
  private final List<String> deaths = new ArrayList<>();
  private final VifCounters counters = new VifCounters();
  private final Netfront front =
      new Netfront(
          new Netfront.Setup(
              wire.guest,
              DomainId.DOM0,
              BackendNodes.OURS,
              wire.guestDevice,
              new BusyPages(wire.memory, wire.memory),
              counters,
              wire.clock::get,
              deaths::add));
  private final MemorySegment txPage = map(front.nodes().txRing());
  private final MemorySegment rxPage = map(front.nodes().rxRing());
  private final BackRing tx = BackRing.attach(txPage, TxRequest.SIZE);
  private final BackRing rx = BackRing.attach(rxPage, RxRequest.SIZE);
  private final MemorySegment slot = wire.arena().allocate(16, 4);

  HostileBackendTest() {
    front.start();
  }

  private MemorySegment map(int reference) {
    try {
      MappedGrant grant = wire.memory.map(wire.guest.id(), reference, GrantAccess.READ_WRITE);
      return grant.page();
    } catch (GrantException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void free() {
    wire.close();
  }

  private void send(int frames) {
    for (int i = 0; i < frames; i++) {
      wire.guestPort.add(Samples.plain(60, i));
    }
    front.portReady();
    front.doWork();
  }

  private void answerTx(int id, int status) {
    TxResponse.write(txPage, tx.slot(tx.produceResponse()), id, status);
    tx.pushResponses();
  }

  /** Leaves {@code bytes} of a pattern in the next page offered. */
  private void fill(int offset, int flags, int status) {
    rx.consumeRequest(slot);
    RxResponse.write(
        rxPage, rx.slot(rx.produceResponse()), RxRequest.id(slot, 0), offset, flags, status);
  }

  private void extra(int type, int gsoType, int gsoSize) {
    rx.consumeRequest(slot);
    long at = rx.slot(rx.produceResponse());
    rxPage.set(JAVA_INT, at, type | gsoSize << 16);
    rxPage.set(JAVA_INT, at + 4, gsoType);
  }

  private void deliver() {
    rx.pushResponses();
    front.doWork();
  }

  @Test
  void anAnswerToNothingInFlight() {
    send(1);
    answerTx(200, 0);
    front.doWork();
    assertThat(deaths).containsExactly("tx response to id 200, which is not in flight");
  }

  @Test
  void anAnswerGivenTwice() {
    send(2);
    answerTx(0, 0);
    answerTx(0, 0);
    front.doWork();
    assertThat(deaths).containsExactly("tx response to id 0, which is not in flight");
  }

  @Test
  void anIdOutsideThePool() {
    send(1);
    answerTx(65535, 0);
    front.doWork();
    assertThat(deaths).containsExactly("tx response to id 65535, which is not in flight");
  }

  @Test
  void anErrorIsCountedAndThePageComesBack() {
    send(1);
    answerTx(0, -1);
    front.doWork();
    assertThat(counters.get(Counter.TX_ERRORS)).isEqualTo(1);
    assertThat(deaths).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 257, -1})
  void moreTxAnswersThanRequests(int claimed) {
    send(1);
    txPage.set(JAVA_INT, 8, claimed);
    front.doWork();
    assertThat(deaths).containsExactly("Illegal number of tx responses");
  }

  @ParameterizedTest
  @ValueSource(ints = {257, -1})
  void moreRxAnswersThanPages(int claimed) {
    rxPage.set(JAVA_INT, 8, claimed);
    front.doWork();
    assertThat(deaths).containsExactly("Illegal number of rx responses");
  }

  @ParameterizedTest
  @CsvSource({"0, 4097", "4096, 1", "65535, 100", "0, -1", "0, -3", "0, 13", "0, 0"})
  void aPartOutsideItsPageOrAnErrorSpoilsItsFrameOnly(int offset, int status) {
    fill(offset, 0, status);
    fill(96, 0, 4000);
    deliver();
    assertThat(deaths).isEmpty();
    assertThat(counters.get(Counter.RX_ERRORS)).isEqualTo(1);
    assertThat(wire.guestPort.sent).hasSize(1);
    assertThat(wire.guestPort.sent.get(0).octets()).hasSize(4000);
  }

  @Test
  void moreDataThanTheLongestFrame() {
    for (int i = 0; i < 17; i++) {
      fill(0, i < 16 ? RxFlags.MORE_DATA : 0, 4096);
    }
    fill(0, 0, 60);
    deliver();
    assertThat(counters.get(Counter.RX_ERRORS)).isEqualTo(1);
    assertThat(wire.guestPort.sent).hasSize(1);
  }

  @Test
  void moreDataThatDoesNotCome() {
    fill(0, RxFlags.MORE_DATA, 100);
    deliver();
    fill(0, RxFlags.EXTRA_INFO, 100);
    deliver();
    assertThat(counters.get(Counter.RX_ERRORS)).isEqualTo(2);
    assertThat(deaths).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 1448", "6, 1, 1448", "1, 3, 1448", "1, 0, 1448", "1, 1, 0"})
  void anExtraOfNoSense(int type, int gsoType, int gsoSize) {
    fill(0, RxFlags.EXTRA_INFO, 100);
    extra(type, gsoType, gsoSize);
    fill(0, 0, 60);
    deliver();
    assertThat(counters.get(Counter.RX_ERRORS)).isEqualTo(1);
    assertThat(wire.guestPort.sent).hasSize(1);
  }

  @Test
  void everyPageIsOfferedAgain() {
    for (int round = 0; round < 20; round++) {
      while (rx.unconsumedRequests() > 0) {
        fill(0, 0, -1);
      }
      deliver();
      while (front.doWork() > 0) {}
      assertThat(rx.unconsumedRequests()).as("round " + round).isEqualTo(256);
    }
    assertThat(deaths).isEmpty();
    assertThat(counters.get(Counter.RX_ERRORS)).isEqualTo(20 * 256);
  }

  /** Any bytes in any slot, any producer: nothing is thrown, and the work is bounded. */
  @Property(tries = 2000)
  void nothingItWritesIsThrownAtUs(@ForAll long seed) {
    HostileBackendTest test = new HostileBackendTest();
    RandomGenerator random = new Random(seed);
    for (int step = 0; step < 50 && test.deaths.isEmpty(); step++) {
      test.send(3);
      scribble(random, test.txPage, 3);
      scribble(random, test.rxPage, 8);
      int work = test.front.doWork();
      assertThat(work).isLessThanOrEqualTo(256 + 64 + 64);
    }
    assertThat(test.deaths).allMatch(death -> death.contains("respons"));
    test.wire.close();
  }

  private static void scribble(RandomGenerator random, MemorySegment page, int most) {
    for (int at = 64; at < 4096; at += 4) {
      if (random.nextInt(4) == 0) {
        page.set(JAVA_INT, at, random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(64));
      }
    }
    page.set(JAVA_INT, 8, page.get(JAVA_INT, 8) + random.nextInt(most));
  }

  @Test
  void aGoodGsoFrameIsWhatItWas() {
    byte[] octets = Samples.tcp(false, 3000, 1448, 1).octets();
    rx.peekRequest(slot);
    wire.memory.copyTo(
        wire.guest.id(), RxRequest.reference(slot, 0), 100, MemorySegment.ofArray(octets), 0, 3000);
    fill(100, RxFlags.EXTRA_INFO | RxFlags.CHECKSUM_BLANK, 3000);
    extra(ExtraInfo.TYPE_GSO, ExtraInfo.GSO_TCP_V4, 1448);
    deliver();
    assertThat(wire.guestPort.sent).containsExactly(Samples.tcp(false, 3000, 1448, 1));
  }
}
