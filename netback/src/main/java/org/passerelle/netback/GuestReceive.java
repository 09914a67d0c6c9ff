package org.passerelle.netback;

import java.lang.foreign.Arena;
import java.util.function.LongSupplier;
import org.passerelle.hypervisor.ring.BackRing;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Port;

/**
 * The backend's RX: takes frames from the host's port and puts them into the pages that the guest
 * offers. What finds no pages waits in a queue bounded in bytes; while that is full, the port is
 * not read, so that its own queue drops. What has waited too long is dropped here.
 */
final class GuestReceive {
  /** {@code rx_drain_timeout_msecs} of Linux's netback. */
  private static final long DRAIN_TIMEOUT = 10_000_000_000L;

  /** The same for a guest that does not tell when it offers pages. */
  private static final long DRAIN_TIMEOUT_WITHOUT_NOTIFY = 30_000_000;

  /** How often such a guest's ring is looked at while frames wait. */
  private static final long POLL = 1_000_000;

  private static final int BUDGET = 64;

  private final BackRing ring;
  private final RxSlots slots;
  private final OffloadFitter fitter;
  private final Port port;
  private final boolean notified;
  private final VifCounters counters;
  private final LongSupplier clock;
  private final StallDetector stall;
  private final FrameQueue queue;
  private final Frame frame;
  private boolean portReady = true;
  private long pollAt;
  private String broken = "";

  GuestReceive(
      BackRing ring,
      RxSlots slots,
      OffloadFitter fitter,
      Port port,
      boolean notified,
      StallDetector stall,
      VifCounters counters,
      LongSupplier clock,
      Arena arena) {
    this.ring = ring;
    this.slots = slots;
    this.fitter = fitter;
    this.port = port;
    this.notified = notified;
    this.stall = stall;
    this.counters = counters;
    this.clock = clock;
    this.queue = new FrameQueue(arena);
    this.frame = new Frame(arena);
  }

  void portReady() {
    portReady = true;
  }

  /** Carries frames; their responses are produced, not pushed. Returns how many were moved. */
  int doWork() {
    if (available() == BackRing.IMPOSSIBLE) {
      return 0;
    }
    judgeReady();
    int moved = drain() + deliverQueued();
    while (moved < BUDGET && portReady && !queue.isFull()) {
      moved += fetch();
    }
    judgeStall();
    pollAt = clock.getAsLong() + POLL;
    return moved;
  }

  /** Before pages are used up: those that wait tell that the guest is back. */
  private void judgeReady() {
    if (stall.stalled()) {
      stall.check(available(), notified);
    }
  }

  private void judgeStall() {
    if (!queue.isEmpty()) {
      stall.needs(oldestNeeds());
      stall.check(available(), notified);
    }
  }

  /** Drops what has waited too long. */
  private int drain() {
    int drained = 0;
    while (!queue.isEmpty() && clock.getAsLong() - drainAt() >= 0) {
      queue.drop();
      drained++;
    }
    counters.add(Counter.RX_DRAINED, drained);
    return drained;
  }

  private long drainAt() {
    return queue.oldest() + (notified ? DRAIN_TIMEOUT : DRAIN_TIMEOUT_WITHOUT_NOTIFY);
  }

  private int deliverQueued() {
    int delivered = 0;
    while (delivered < BUDGET && !queue.isEmpty() && oldestNeeds() <= available()) {
      queue.peek(frame);
      deliver();
      queue.drop();
      delivered++;
    }
    return delivered;
  }

  private int oldestNeeds() {
    return RxSlots.needed(queue.oldestLength(), queue.oldestGso());
  }

  /** Takes one frame from the port: into the ring when it has its turn, else into the queue. */
  private int fetch() {
    if (!port.receive(frame)) {
      portReady = false;
      return 0;
    }
    if (!fitter.fit(frame)) {
      counters.add(Counter.RX_DROPS, 1);
    } else if (queue.isEmpty() && RxSlots.needed(frame.length(), frame.gso()) <= available()) {
      deliver();
    } else {
      queue.add(frame, clock.getAsLong());
    }
    return 1;
  }

  private void deliver() {
    boolean whole = slots.put(frame);
    stall.delivered();
    counters.add(whole ? Counter.RX_FRAMES : Counter.RX_ERRORS, 1);
    counters.add(Counter.RX_BYTES, whole ? frame.length() : 0);
  }

  private int available() {
    int waiting = ring.unconsumedRequests();
    if (waiting == BackRing.IMPOSSIBLE) {
      broken =
          "Impossible number of rx requests. req_prod %d, req_cons %d, size %d"
              .formatted(
                  Integer.toUnsignedLong(ring.requestProducer()),
                  Integer.toUnsignedLong(ring.requestsConsumed()),
                  ring.size());
    }
    return waiting;
  }

  /** How the guest has broken the protocol; empty while it has not. */
  String broken() {
    return broken;
  }

  /** Asks to be told of new pages, as many as the oldest frame needs, if one waits for them. */
  boolean prepareSleep() {
    boolean waits = !queue.isEmpty() || stall.stalled();
    boolean offered = waits && notified && ring.finalCheckForRequests(stall.needed());
    boolean arrived = portReady && !queue.isFull();
    return offered || arrived;
  }

  long deadline() {
    if (queue.isEmpty()) {
      return Half.NEVER;
    }
    if (!notified) {
      return Math.min(drainAt(), pollAt);
    }
    return Math.min(drainAt(), stall.deadline());
  }
}
