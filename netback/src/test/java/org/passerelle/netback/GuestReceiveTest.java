package org.passerelle.netback;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.memory.GrantAccess;
import org.passerelle.hypervisor.ring.BackRing;
import org.passerelle.netback.protocol.Offloads;
import org.passerelle.netback.protocol.RxRequest;
import org.passerelle.netback.protocol.RxResponse;
import org.passerelle.netback.testing.MemoryPort;
import org.passerelle.netback.testing.RawRing;
import org.passerelle.netback.testing.Samples;
import org.passerelle.netback.testing.TestDevice;
import org.passerelle.netback.testing.TestMemory;

/** The backend's RX against guests that offer pages late, wrongly, or not at all. */
class GuestReceiveTest {
  private static final DomainId GUEST = new DomainId(3);
  private static final long SECOND = 1_000_000_000L;

  private final Arena arena = Arena.ofConfined();
  private final TestMemory memory = new TestMemory(arena, 300);
  private final MemorySegment page = memory.page(memory.allocate());
  private final RawRing guest = new RawRing(page, RxRequest.SIZE, 0xfffffff0);
  private final MemoryPort port = new MemoryPort("vif3.0");
  private final TestDevice device = new TestDevice(port);
  private final VifCounters counters = new VifCounters();
  private final AtomicLong now = new AtomicLong(SECOND);
  private GuestReceive receive = make(true);

  private GuestReceive make(boolean notified) {
    BackRing ring = BackRing.attach(page, RxRequest.SIZE);
    return new GuestReceive(
        ring,
        new RxSlots(ring, memory, GUEST, arena),
        new OffloadFitter(Offloads.ALL),
        port,
        notified,
        new StallDetector("vif3.0", device, counters, now::get),
        counters,
        now::get,
        arena);
  }

  @AfterEach
  void free() {
    arena.close();
  }

  private void offer(int pages) {
    for (int i = 0; i < pages; i++) {
      int reference = memory.grant(DomainId.DOM0, memory.allocate(), GrantAccess.READ_WRITE);
      offerReference(i, reference);
    }
    guest.push();
  }

  private void offerReference(int id, int reference) {
    RxRequest.write(page, guest.nextRequest(), id, reference);
  }

  private void work() {
    receive.portReady();
    while (receive.doWork() > 0) {}
  }

  private List<Integer> statuses() {
    List<Integer> statuses = new ArrayList<>();
    while (guest.hasResponse()) {
      statuses.add(RxResponse.status(page, guest.nextResponse()));
    }
    return statuses;
  }

  private long count(Counter counter) {
    return counters.get(counter);
  }

  @Test
  void aFrameWaitsForPages() {
    port.add(Samples.plain(5000, 1));
    work();
    assertThat(receive.prepareSleep()).isFalse();
    offer(1);
    assertThat(receive.prepareSleep()).as("one page of two").isFalse();
    offer(1);
    assertThat(receive.prepareSleep()).isTrue();
    work();
    assertThat(count(Counter.RX_FRAMES)).isEqualTo(1);
  }

  /** XSA-392: what a guest does not take costs no more than 512 KiB. */
  @Test
  void theQueueIsBoundedAndThePortIsNotReadBeyondIt() {
    for (int i = 0; i < 1000; i++) {
      port.add(Samples.plain(1514, i));
    }
    work();
    int taken = 1000 - port.waiting();
    assertThat(taken * 1514).isBetween(500 * 1024, 512 * 1024);
    assertThat(receive.prepareSleep()).as("nothing to do but wait").isFalse();
  }

  @Test
  void framesThatWaitTooLongAreDropped() {
    port.add(Samples.plain(100, 1));
    work();
    now.addAndGet(9 * SECOND);
    port.add(Samples.plain(200, 2));
    work();
    assertThat(receive.deadline()).isEqualTo(11 * SECOND);
    now.set(11 * SECOND);
    work();
    assertThat(count(Counter.RX_DRAINED)).isEqualTo(1);
    offer(1);
    work();
    assertThat(count(Counter.RX_FRAMES)).isEqualTo(1);
    assertThat(count(Counter.RX_BYTES)).isEqualTo(200);
    assertThat(receive.deadline()).isEqualTo(Half.NEVER);
  }

  @Test
  void withoutNotificationTheRingIsPolledAndFramesDrainFast() {
    receive = make(false);
    port.add(Samples.plain(100, 1));
    work();
    assertThat(receive.prepareSleep()).isFalse();
    assertThat(receive.deadline()).isEqualTo(now.get() + 1_000_000);
    now.addAndGet(30_000_000);
    work();
    assertThat(count(Counter.RX_DRAINED)).isEqualTo(1);
    now.addAndGet(100 * SECOND);
    port.add(Samples.plain(100, 1));
    work();
    assertThat(device.carrier).as("such a guest is not judged").isEmpty();
  }

  @Test
  void aGuestThatTakesNothingLosesItsCarrierUntilItDoes() {
    for (long waited = 0; waited < 60; waited += 5) {
      port.add(Samples.plain(100, waited));
      work();
      assertThat(device.carrier).as("after " + waited + " s").isEmpty();
      now.addAndGet(5 * SECOND);
    }
    work();
    assertThat(device.carrier).containsExactly(false);
    assertThat(count(Counter.STALLS)).isEqualTo(1);
    offer(1);
    assertThat(receive.prepareSleep()).as("told of the page").isTrue();
    work();
    assertThat(device.carrier).containsExactly(false, true);
  }

  /** XSA-392's second half: pages that are too few for the frame that waits do not count. */
  @Test
  void tooFewPagesAreAStallToo() {
    offer(2);
    port.add(Samples.plain(9000, 1));
    work();
    for (int i = 0; i < 13; i++) {
      now.addAndGet(5 * SECOND);
      port.add(Samples.plain(9000, 1));
      work();
    }
    assertThat(device.carrier).containsExactly(false);
    offer(1);
    work();
    assertThat(device.carrier).containsExactly(false, true);
  }

  @Test
  void aStallOutlivesTheFramesThatWereDropped() {
    port.add(Samples.plain(9000, 1));
    work();
    now.addAndGet(61 * SECOND);
    work();
    port.add(Samples.plain(9000, 1));
    work();
    assertThat(device.carrier).containsExactly(false);
    now.addAndGet(11 * SECOND);
    work();
    offer(2);
    work();
    assertThat(device.carrier).as("2 of 3 pages").containsExactly(false);
    assertThat(receive.prepareSleep()).isFalse();
    offer(1);
    assertThat(receive.prepareSleep()).isTrue();
    work();
    assertThat(device.carrier).containsExactly(false, true);
    assertThat(receive.prepareSleep()).isFalse();
  }

  @Test
  void aPageThatCannotBeWrittenIsAnsweredWithTheStatus() {
    int readOnly = memory.grant(DomainId.DOM0, memory.allocate(), GrantAccess.READ_ONLY);
    offerReference(0, 4711);
    offerReference(1, readOnly);
    offer(1);
    port.add(Samples.plain(9000, 1));
    work();
    publish();
    assertThat(statuses()).containsExactly(-3, -8, 9000 - 8192);
    assertThat(count(Counter.RX_ERRORS)).isEqualTo(1);
    assertThat(count(Counter.RX_FRAMES)).isZero();
  }

  /** Publishes what the half under test leaves to its owner to publish. */
  private void publish() {
    page.set(JAVA_INT, 8, page.get(JAVA_INT, 0));
  }

  @Test
  void anImpossibleProducerIsNoticedWithoutAFrame() {
    page.set(JAVA_INT, 0, 0xfffffff0 + 257);
    assertThat(receive.doWork()).isZero();
    assertThat(receive.broken())
        .isEqualTo("Impossible number of rx requests. req_prod 241, req_cons 4294967280, size 256");
  }
}
