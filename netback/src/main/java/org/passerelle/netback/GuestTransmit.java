package org.passerelle.netback;

import java.lang.foreign.Arena;
import java.util.function.LongSupplier;
import org.passerelle.hypervisor.ring.BackRing;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Port;
import org.passerelle.netback.FrameAssembler.Outcome;

/** The backend's TX: takes a guest's frames off the ring and sends them to the host's port. */
final class GuestTransmit {
  /** Frames at a time, so that one guest cannot keep the others waiting. */
  private static final int BUDGET = 64;

  /** A port without room is tried again after this, at the latest. */
  private static final long RETRY = 1_000_000;

  private final BackRing ring;
  private final FrameAssembler assembler;
  private final CreditLimiter credit;
  private final ChecksumFixup checksums = new ChecksumFixup();
  private final Port port;
  private final VifCounters counters;
  private final LongSupplier clock;
  private final Frame frame;
  private boolean pending;
  private boolean waitsForCredit;
  private boolean waitsForPort;
  private long retryAt;

  GuestTransmit(
      BackRing ring,
      FrameAssembler assembler,
      CreditLimiter credit,
      Port port,
      VifCounters counters,
      LongSupplier clock,
      Arena arena) {
    this.ring = ring;
    this.assembler = assembler;
    this.credit = credit;
    this.port = port;
    this.counters = counters;
    this.clock = clock;
    this.frame = new Frame(arena);
  }

  /** Takes frames; their responses are produced, not pushed. Returns how many were taken. */
  int doWork() {
    waitsForCredit = false;
    waitsForPort = false;
    int taken = 0;
    while (taken < BUDGET && flush() && takeNext()) {
      taken++;
    }
    return taken;
  }

  /** Sends the frame that is on hand; false when the port has no room. */
  private boolean flush() {
    if (!pending) {
      return true;
    }
    if (!port.send(frame)) {
      waitsForPort = true;
      retryAt = clock.getAsLong() + RETRY;
      return false;
    }
    pending = false;
    counters.add(Counter.TX_FRAMES, 1);
    counters.add(Counter.TX_BYTES, frame.length());
    return true;
  }

  private boolean takeNext() {
    int length = assembler.next();
    if (length < 0) {
      return false;
    }
    if (!credit.take(length)) {
      waitsForCredit = true;
      return false;
    }
    Outcome outcome = assembler.take(frame);
    switch (outcome) {
      case FRAME -> accept();
      case DROPPED -> counters.add(Counter.TX_ERRORS, 1);
      case FATAL -> {}
    }
    return outcome != Outcome.FATAL;
  }

  private void accept() {
    switch (checksums.check(frame)) {
      case GOOD -> pending = true;
      case FIXED -> {
        counters.add(Counter.GSO_CHECKSUM_FIXUPS, 1);
        pending = true;
      }
      case HOPELESS -> counters.add(Counter.TX_DROPS, 1);
    }
    flush();
  }

  /** How the guest has broken the protocol; empty while it has not. */
  String broken() {
    return assembler.fatalReason();
  }

  void rate(Rate rate) {
    credit.rate(rate);
  }

  /** Asks for an event at the next request, unless something else is waited for. */
  boolean prepareSleep() {
    return !waitsForCredit && !waitsForPort && ring.finalCheckForRequests();
  }

  long deadline() {
    if (waitsForPort) {
      return retryAt;
    }
    return waitsForCredit ? credit.nextRefill() : Half.NEVER;
  }
}
