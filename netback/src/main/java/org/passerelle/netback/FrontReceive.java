package org.passerelle.netback;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongSupplier;
import org.passerelle.hypervisor.ring.FrontRing;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Port;
import org.passerelle.netback.protocol.ExtraInfo;
import org.passerelle.netback.protocol.Limits;
import org.passerelle.netback.protocol.RxFlags;
import org.passerelle.netback.protocol.RxRequest;
import org.passerelle.netback.protocol.RxResponse;

/**
 * The frontend's RX: offers granted pages, and puts together what the backend leaves in them. Bytes
 * are copied out before they are looked at; a response is found by its slot, as the protocol has
 * it, and whatever it says cannot lead out of its page or past the longest frame.
 */
final class FrontReceive {
  private static final int BUDGET = 64;
  private static final long RETRY = 1_000_000;

  private final FrontRing ring;
  private final GrantedPages pages;
  private final Port port;
  private final VifCounters counters;
  private final LongSupplier clock;
  private final ChecksumFixup checksums = new ChecksumFixup();
  private final Frame frame;
  private final MemorySegment slot;

  /** Which page lies in which slot of the ring. */
  private final int[] pageOfSlot;

  private int waiting;
  private int flags;
  private int length;
  private boolean spoilt;
  private boolean pending;
  private boolean waitsForPort;
  private long retryAt;
  private String broken = "";

  /** Offers all pages; there are as many as the ring has slots. Produced, not pushed. */
  FrontReceive(
      FrontRing ring,
      GrantedPages pages,
      Port port,
      VifCounters counters,
      LongSupplier clock,
      Arena arena) {
    this.ring = ring;
    this.pages = pages;
    this.port = port;
    this.counters = counters;
    this.clock = clock;
    this.frame = new Frame(arena);
    this.slot = arena.allocate(RxRequest.SIZE, Integer.BYTES);
    this.pageOfSlot = new int[ring.size()];
    for (int page = 0; page < ring.size(); page++) {
      offer(page);
    }
  }

  /** Why the backend cannot be served any more; empty while it can. */
  String broken() {
    return broken;
  }

  /** Takes frames and offers their pages again; requests are produced, not pushed. */
  int doWork() {
    waitsForPort = false;
    waiting = ring.unconsumedResponses();
    if (waiting == FrontRing.IMPOSSIBLE) {
      broken = "Illegal number of rx responses";
      return 0;
    }
    int taken = 0;
    while (taken < BUDGET && flush() && waiting > 0) {
      takeFrame();
      taken++;
    }
    return taken;
  }

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
    counters.add(Counter.RX_FRAMES, 1);
    counters.add(Counter.RX_BYTES, frame.length());
    return true;
  }

  private void takeFrame() {
    frame.clear();
    length = 0;
    spoilt = false;
    takePart();
    describe();
    boolean extra = (flags & RxFlags.EXTRA_INFO) != 0;
    while (extra && expectMore()) {
      extra = takeExtra();
    }
    while ((flags & RxFlags.MORE_DATA) != 0 && expectMore()) {
      takePart();
    }
    deliver();
  }

  /** False, and the frame spoilt, when the backend has announced a slot and not given it. */
  private boolean expectMore() {
    spoilt |= waiting == 0;
    return waiting > 0;
  }

  private int consume() {
    waiting--;
    return pageOfSlot[ring.consumeResponse(slot) & ring.size() - 1];
  }

  private void takePart() {
    int page = consume();
    int offset = RxResponse.offset(slot, 0);
    int part = RxResponse.status(slot, 0);
    flags = RxResponse.flags(slot, 0);
    if (part < 0 || offset + part > Limits.PAGE_SIZE || length + part > Frame.MAX_LENGTH) {
      spoilt = true;
    } else {
      long to = Frame.DATA + (long) length;
      MemorySegment.copy(pages.page(page), offset, frame.memory(), to, part);
      length += part;
    }
    offer(page);
  }

  private void describe() {
    boolean blank = (flags & RxFlags.CHECKSUM_BLANK) != 0;
    frame.checksum(blank, blank || (flags & RxFlags.DATA_VALIDATED) != 0);
  }

  /** True when another one follows. */
  private boolean takeExtra() {
    int page = consume();
    int type = ExtraInfo.type(slot, 0);
    if (type == ExtraInfo.TYPE_GSO) {
      takeGso(ExtraInfo.gsoType(slot, 0), ExtraInfo.gsoSize(slot, 0));
    }
    spoilt |= !ExtraInfo.isKnown(type);
    boolean more = ExtraInfo.more(slot, 0);
    offer(page);
    return more;
  }

  private void takeGso(int type, int size) {
    spoilt |= size == 0;
    switch (type) {
      case ExtraInfo.GSO_TCP_V4 -> frame.gso(Frame.Gso.TCP_V4, size);
      case ExtraInfo.GSO_TCP_V6 -> frame.gso(Frame.Gso.TCP_V6, size);
      default -> spoilt = true;
    }
  }

  private void deliver() {
    frame.length(length);
    if (spoilt || length < Limits.MIN_FRAME) {
      counters.add(Counter.RX_ERRORS, 1);
    } else if (checksums.check(frame) == ChecksumFixup.Verdict.HOPELESS) {
      counters.add(Counter.RX_DROPS, 1);
    } else {
      pending = true;
      flush();
    }
  }

  /** There is always room: a page is offered when its response has been consumed. */
  private void offer(int page) {
    int index = ring.produceRequest();
    int position = index & ring.size() - 1;
    pageOfSlot[position] = page;
    RxRequest.write(ring.page(), ring.slot(index), position, pages.reference(page));
  }

  boolean prepareSleep() {
    return !waitsForPort && ring.finalCheckForResponses();
  }

  long deadline() {
    return waitsForPort ? retryAt : Half.NEVER;
  }
}
