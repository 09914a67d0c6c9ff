package org.passerelle.netback;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.passerelle.hypervisor.ring.FrontRing;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Port;
import org.passerelle.netback.protocol.ExtraInfo;
import org.passerelle.netback.protocol.Limits;
import org.passerelle.netback.protocol.NetifStatus;
import org.passerelle.netback.protocol.TxFlags;
import org.passerelle.netback.protocol.TxRequest;
import org.passerelle.netback.protocol.TxResponse;

/**
 * The frontend's TX: copies the guest's frames into granted pages and offers them to the backend. A
 * request's id is the number of its page. A frame that finds no room waits, and the port with it.
 */
final class FrontTransmit {
  private static final int BUDGET = 64;

  private final FrontRing ring;
  private final GrantedPages pages;
  private final OffloadFitter fitter;
  private final Port port;
  private final VifCounters counters;
  private final Frame frame;
  private final MemorySegment slot;
  private final int[] free;
  private final boolean[] inFlight;
  private int freeCount;
  private boolean started;
  private boolean portReady = true;
  private boolean pending;
  private String broken = "";

  FrontTransmit(
      FrontRing ring,
      GrantedPages pages,
      OffloadFitter fitter,
      Port port,
      VifCounters counters,
      Arena arena) {
    this.ring = ring;
    this.pages = pages;
    this.fitter = fitter;
    this.port = port;
    this.counters = counters;
    this.frame = new Frame(arena);
    this.slot = arena.allocate(TxRequest.SIZE, Integer.BYTES);
    this.free = new int[pages.count()];
    this.inFlight = new boolean[pages.count()];
    for (int page = pages.count() - 1; page >= 0; page--) {
      free[freeCount++] = page;
    }
  }

  /** The backend is connected: frames may go. */
  void start() {
    started = true;
  }

  void portReady() {
    portReady = true;
  }

  /** Why the backend cannot be served any more; empty while it can. */
  String broken() {
    return broken;
  }

  /** Takes back pages, sends frames; requests are produced, not pushed. */
  int doWork() {
    int work = collect();
    int sent = 0;
    while (started && sent < BUDGET && (pending || fetch()) && emit()) {
      sent++;
    }
    return work + sent;
  }

  private int collect() {
    int waiting = ring.unconsumedResponses();
    if (waiting == FrontRing.IMPOSSIBLE) {
      broken = "Illegal number of tx responses";
      return 0;
    }
    int taken = 0;
    while (taken < waiting && broken.isEmpty()) {
      ring.consumeResponse(slot);
      taken++;
      takeBack(TxResponse.id(slot, 0), TxResponse.status(slot, 0));
    }
    return taken;
  }

  /** The answer to an extra info gives nothing back, and its id means nothing. */
  private void takeBack(int id, int status) {
    if (status == NetifStatus.NULL) {
      return;
    }
    if (id >= inFlight.length || !inFlight[id]) {
      broken = "tx response to id " + id + ", which is not in flight";
      return;
    }
    inFlight[id] = false;
    free[freeCount++] = id;
    if (status != NetifStatus.OKAY) {
      counters.add(Counter.TX_ERRORS, 1);
    }
  }

  private boolean fetch() {
    while (portReady && port.receive(frame)) {
      if (fitter.fit(frame)) {
        pending = true;
        return true;
      }
      counters.add(Counter.TX_DROPS, 1);
    }
    portReady = false;
    return false;
  }

  private boolean emit() {
    int wanted = Limits.pages(frame.length());
    boolean extra = frame.gso() != Frame.Gso.NONE;
    if (wanted > freeCount || wanted + (extra ? 1 : 0) > ring.freeRequests()) {
      return false;
    }
    emitSlots(extra);
    pending = false;
    counters.add(Counter.TX_FRAMES, 1);
    counters.add(Counter.TX_BYTES, frame.length());
    return true;
  }

  private void emitSlots(boolean extra) {
    int rest = frame.length();
    int position = 0;
    int flags = firstFlags(extra);
    int length = rest; // the first slot tells the whole frame's, the others their own
    while (rest > 0) {
      int part = Math.min(rest, Limits.PAGE_SIZE);
      rest -= part;
      int more = rest > 0 ? TxFlags.MORE_DATA : 0;
      emitSlot(position, part, flags | more, position == 0 ? length : part);
      if (position == 0 && extra) {
        emitExtra();
      }
      position += part;
      flags = 0;
    }
  }

  private int firstFlags(boolean extra) {
    int flags = extra ? TxFlags.EXTRA_INFO : 0;
    if (frame.checksumBlank()) {
      return flags | TxFlags.CHECKSUM_BLANK | TxFlags.DATA_VALIDATED;
    }
    return frame.dataValidated() ? flags | TxFlags.DATA_VALIDATED : flags;
  }

  private void emitSlot(int position, int part, int flags, int length) {
    int page = free[--freeCount];
    inFlight[page] = true;
    MemorySegment.copy(frame.memory(), Frame.DATA + (long) position, pages.page(page), 0, part);
    long at = ring.slot(ring.produceRequest());
    TxRequest.write(ring.page(), at, pages.reference(page), 0, flags, page, length);
  }

  private void emitExtra() {
    int type = frame.gso() == Frame.Gso.TCP_V4 ? ExtraInfo.GSO_TCP_V4 : ExtraInfo.GSO_TCP_V6;
    long at = ring.slot(ring.produceRequest());
    ExtraInfo.writeGso(ring.page(), at, TxRequest.SIZE, type, frame.gsoSize());
  }

  /** Asks for an event only while a frame waits for room: pages are taken back by the way. */
  boolean prepareSleep() {
    return pending ? ring.finalCheckForResponses() : started && portReady;
  }
}
