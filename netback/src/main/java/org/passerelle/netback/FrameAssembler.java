package org.passerelle.netback;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.memory.ForeignGrants;
import org.passerelle.hypervisor.memory.GrantStatus;
import org.passerelle.hypervisor.ring.BackRing;
import org.passerelle.link.port.Frame;
import org.passerelle.netback.protocol.ExtraInfo;
import org.passerelle.netback.protocol.Limits;
import org.passerelle.netback.protocol.NetifStatus;
import org.passerelle.netback.protocol.TxFlags;
import org.passerelle.netback.protocol.TxRequest;
import org.passerelle.netback.protocol.TxResponse;

/**
 * Takes one frame's slots off the tx ring, copies its bytes and answers each request once. Every
 * slot is copied once, then checked, then believed; nothing that a guest can write makes it throw.
 *
 * <p>The limits are those of Linux's netback ({@code xenvif_tx_build_gops}, {@code
 * xenvif_count_requests}, {@code xenvif_get_extras}), in its order.
 */
final class FrameAssembler {
  /** What {@link #next} answers when no request waits. */
  static final int EMPTY = -1;

  /** What {@link #next} answers when the guest is beyond help. */
  static final int BROKEN = -2;

  /** Slots behind the first that a guest may use: {@code XEN_NETBK_LEGACY_SLOTS_MAX}. */
  static final int ACCEPTED_SLOTS = Limits.SLOTS_MIN;

  /** A guest that uses more is malicious: {@code fatal_skb_slots_default}. */
  static final int FATAL_SLOTS = 20;

  /** How a frame ended. */
  enum Outcome {
    FRAME,
    DROPPED,
    FATAL
  }

  private final BackRing ring;
  private final ForeignGrants grants;
  private final DomainId guest;
  private final MemorySegment slot;

  private final int[] ids = new int[1 + FATAL_SLOTS];
  private final int[] references = new int[1 + FATAL_SLOTS];
  private final int[] offsets = new int[1 + FATAL_SLOTS];
  private final int[] lengths = new int[1 + FATAL_SLOTS];
  private int slots;
  private int flags;
  private int available;
  private int extras;
  private boolean multicast;
  private int gsoType;
  private int gsoSize;
  private boolean gso;
  private boolean tooMuch;
  private String fatal = "";

  FrameAssembler(BackRing ring, ForeignGrants grants, DomainId guest, Arena arena) {
    this.ring = ring;
    this.grants = grants;
    this.guest = guest;
    this.slot = arena.allocate(TxRequest.SIZE, Integer.BYTES);
  }

  /** Why the guest is beyond help; empty while it is not. */
  String fatalReason() {
    return fatal;
  }

  /**
   * Looks at the next frame's first slot without consuming it.
   *
   * @return the frame's length as the guest says, {@link #EMPTY} or {@link #BROKEN}
   */
  int next() {
    available = ring.unconsumedRequests();
    if (available == BackRing.IMPOSSIBLE) {
      die(
          "Impossible number of requests. req_prod %d, req_cons %d, size %d"
              .formatted(
                  Integer.toUnsignedLong(ring.requestProducer()),
                  Integer.toUnsignedLong(ring.requestsConsumed()),
                  ring.size()));
      return BROKEN;
    }
    if (available == 0) {
      return EMPTY;
    }
    ring.peekRequest(slot);
    slots = 0;
    flags = keep();
    return lengths[0];
  }

  /** Takes the frame that {@link #next} has looked at. Its responses are produced, not pushed. */
  Outcome take(Frame frame) {
    ring.consumeRequests(1);
    available--;
    if (!takeExtras()) {
      return Outcome.FATAL;
    }
    if (multicast) {
      return refuse();
    }
    if (!takeFragments()) {
      return Outcome.FATAL;
    }
    if (tooMuch || lengths[0] < Limits.MIN_FRAME) {
      return refuse();
    }
    if (crossesPage(0) || !gsoIsSane()) {
      return Outcome.FATAL;
    }
    return copy(frame) ? Outcome.FRAME : Outcome.DROPPED;
  }

  /** Keeps the copied slot's fields; returns its flags. */
  private int keep() {
    ids[slots] = TxRequest.id(slot, 0);
    references[slots] = TxRequest.reference(slot, 0);
    offsets[slots] = TxRequest.offset(slot, 0);
    lengths[slots] = TxRequest.length(slot, 0);
    slots++;
    return TxRequest.flags(slot, 0);
  }

  private boolean takeExtras() {
    extras = 0;
    multicast = false;
    gso = false;
    boolean more = (flags & TxFlags.EXTRA_INFO) != 0;
    while (more) {
      if (available == 0) {
        return die("Missing extra info");
      }
      ring.consumeRequest(slot);
      available--;
      extras++;
      int type = ExtraInfo.type(slot, 0);
      if (!ExtraInfo.isKnown(type)) {
        return die("Invalid extra type: " + type);
      }
      keepExtra(type);
      more = ExtraInfo.more(slot, 0);
    }
    return true;
  }

  private void keepExtra(int type) {
    if (type == ExtraInfo.TYPE_GSO) {
      gso = true;
      gsoType = ExtraInfo.gsoType(slot, 0);
      gsoSize = ExtraInfo.gsoSize(slot, 0);
    } else if (type == ExtraInfo.TYPE_MCAST_ADD || type == ExtraInfo.TYPE_MCAST_DEL) {
      multicast = true;
    }
  }

  /** Takes the slots behind the first and leaves in {@code lengths[0]} what is the first's own. */
  private boolean takeFragments() {
    tooMuch = false;
    boolean more = (flags & TxFlags.MORE_DATA) != 0;
    while (more) {
      int behind = slots - 1;
      if (available == 0) {
        return die("Asked for " + (behind + 1) + " slots but exceeds this limit");
      }
      if (behind >= FATAL_SLOTS) {
        return die(
            "Malicious frontend using %d slots, threshold %d".formatted(behind, FATAL_SLOTS));
      }
      tooMuch |= behind >= ACCEPTED_SLOTS;
      ring.consumeRequest(slot);
      available--;
      more = (keep() & TxFlags.MORE_DATA) != 0;
      int last = slots - 1;
      // A frame of 64 KiB or more has overflowed the first slot's size; there are frontends that
      // do this. Its slots are consumed, the frame is dropped.
      tooMuch |= lengths[last] > lengths[0];
      lengths[0] -= lengths[last];
      if (crossesPage(last)) {
        return false;
      }
    }
    return true;
  }

  private boolean crossesPage(int index) {
    if (offsets[index] + lengths[index] <= Limits.PAGE_SIZE) {
      return false;
    }
    die(
        "Cross page boundary, txreq.offset: %d, size: %d"
            .formatted(offsets[index], lengths[index]));
    return true;
  }

  private boolean gsoIsSane() {
    if (!gso) {
      return true;
    }
    if (gsoSize == 0) {
      return die("GSO size must not be zero.");
    }
    if (gsoType != ExtraInfo.GSO_TCP_V4 && gsoType != ExtraInfo.GSO_TCP_V6) {
      return die("Bad GSO type " + gsoType + ".");
    }
    return true;
  }

  private boolean die(String reason) {
    fatal = reason;
    return false;
  }

  private Outcome refuse() {
    for (int i = 0; i < slots; i++) {
      answer(i, NetifStatus.ERROR);
    }
    return Outcome.DROPPED;
  }

  /**
   * Copies the fragments; a slot whose copy fails is answered with an error and spoils the frame.
   */
  private boolean copy(Frame frame) {
    int position = 0;
    boolean whole = true;
    for (int i = 0; i < slots; i++) {
      int status = copyFragment(frame, position, i);
      position += lengths[i];
      whole &= status == GrantStatus.OKAY;
      answer(i, status == GrantStatus.OKAY ? NetifStatus.OKAY : NetifStatus.ERROR);
    }
    describe(frame, position);
    return whole;
  }

  /** An empty fragment's grant is not touched (XSA-448). */
  private int copyFragment(Frame frame, int position, int i) {
    if (lengths[i] == 0) {
      return GrantStatus.OKAY;
    }
    long to = Frame.DATA + (long) position;
    return grants.copyFrom(guest, references[i], offsets[i], frame.memory(), to, lengths[i]);
  }

  private void describe(Frame frame, int length) {
    frame.length(length);
    boolean blank = (flags & TxFlags.CHECKSUM_BLANK) != 0;
    frame.checksum(blank, blank || (flags & TxFlags.DATA_VALIDATED) != 0);
    if (gso) {
      frame.gso(gsoType == ExtraInfo.GSO_TCP_V4 ? Frame.Gso.TCP_V4 : Frame.Gso.TCP_V6, gsoSize);
    } else {
      frame.gso(Frame.Gso.NONE, 0);
    }
  }

  /**
   * Answers one request; behind the first, also the extra infos, which have nothing to give back.
   */
  private void answer(int index, int status) {
    TxResponse.write(ring.page(), ring.slot(ring.produceResponse()), ids[index], status);
    for (int extra = 0; index == 0 && extra < extras; extra++) {
      TxResponse.write(ring.page(), ring.slot(ring.produceResponse()), 0, NetifStatus.NULL);
    }
  }
}
