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
import org.passerelle.netback.protocol.RxFlags;
import org.passerelle.netback.protocol.RxRequest;
import org.passerelle.netback.protocol.RxResponse;

/**
 * Puts a frame into the pages that a guest has offered. Each response lies in the slot of its
 * request; the GSO extra uses up a request of its own, whose page stays untouched.
 */
final class RxSlots {
  private final BackRing ring;
  private final ForeignGrants grants;
  private final DomainId guest;
  private final MemorySegment slot;

  RxSlots(BackRing ring, ForeignGrants grants, DomainId guest, Arena arena) {
    this.ring = ring;
    this.grants = grants;
    this.guest = guest;
    this.slot = arena.allocate(RxRequest.SIZE, Integer.BYTES);
  }

  /** The requests that a frame uses up. */
  static int needed(int length, Frame.Gso gso) {
    return Limits.pages(length) + (gso == Frame.Gso.NONE ? 0 : 1);
  }

  /**
   * Copies the frame; only when {@link #needed} requests wait.
   *
   * @return false when a page could not be written: the guest is told in that page's response
   */
  boolean put(Frame frame) {
    int rest = frame.length();
    int position = 0;
    boolean whole = true;
    boolean extra = frame.gso() != Frame.Gso.NONE;
    int flags = firstFlags(frame, extra);
    do {
      int part = Math.min(rest, Limits.PAGE_SIZE);
      rest -= part;
      whole &= putPart(frame, position, part, flags | (rest > 0 ? RxFlags.MORE_DATA : 0));
      if (extra) {
        putExtra(frame);
        extra = false;
      }
      position += part;
      flags = 0;
    } while (rest > 0);
    return whole;
  }

  private static int firstFlags(Frame frame, boolean extra) {
    int flags = extra ? RxFlags.EXTRA_INFO : 0;
    if (frame.checksumBlank()) {
      return flags | RxFlags.CHECKSUM_BLANK | RxFlags.DATA_VALIDATED;
    }
    return frame.dataValidated() ? flags | RxFlags.DATA_VALIDATED : flags;
  }

  private boolean putPart(Frame frame, int position, int length, int flags) {
    ring.consumeRequest(slot);
    int reference = RxRequest.reference(slot, 0);
    long from = Frame.DATA + (long) position;
    int status = grants.copyTo(guest, reference, 0, frame.memory(), from, length);
    boolean copied = status == GrantStatus.OKAY;
    RxResponse.write(
        ring.page(),
        ring.slot(ring.produceResponse()),
        RxRequest.id(slot, 0),
        0,
        flags,
        copied ? length : status);
    return copied;
  }

  private void putExtra(Frame frame) {
    ring.consumeRequest(slot);
    int type = frame.gso() == Frame.Gso.TCP_V4 ? ExtraInfo.GSO_TCP_V4 : ExtraInfo.GSO_TCP_V6;
    long at = ring.slot(ring.produceResponse());
    ExtraInfo.writeGso(ring.page(), at, RxRequest.SIZE, type, frame.gsoSize());
  }
}
