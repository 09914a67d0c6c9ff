package org.passerelle.link.port;

import java.lang.foreign.MemorySegment;
import org.passerelle.link.port.Frame.Gso;
import org.passerelle.link.wire.Checksum;
import org.passerelle.link.wire.EtherType;
import org.passerelle.link.wire.Headers;
import org.passerelle.link.wire.IpProtocol;
import org.passerelle.link.wire.Transport;
import org.passerelle.link.wire.VnetHeader;

/**
 * Translates between a frame's metadata, which is as much as Xen's netif slots can say, and the
 * {@code virtio_net_hdr} before it, which also says where the checksum is. So the headers are
 * looked for, as Linux's skb_checksum_setup does for a guest's frames. Nothing here throws on a
 * frame's content. Reused for frame after frame; owned by one thread.
 */
public final class Offload {
  private final Headers headers = new Headers();

  /**
   * Writes the header from the metadata. A GSO frame whose checksum is not blank gets it blanked,
   * as Linux's netback does: each segment needs one of its own.
   *
   * @return false when the frame does not bear what its metadata says, and cannot be sent
   */
  public boolean toVnetHeader(Frame frame) {
    MemorySegment memory = frame.memory();
    boolean segmented = frame.gso() != Gso.NONE;
    if (!segmented && !frame.checksumBlank()) {
      int flags = frame.dataValidated() ? VnetHeader.DATA_VALID : 0;
      VnetHeader.emitPlain(memory, Frame.VNET_HEADER, flags);
      return true;
    }
    if (!findChecksum(frame)) {
      return false;
    }
    VnetHeader.emitPlain(memory, Frame.VNET_HEADER, 0);
    if (segmented && !gsoToVnetHeader(frame)) {
      return false;
    }
    VnetHeader.emitChecksum(
        memory,
        Frame.VNET_HEADER,
        VnetHeader.NEEDS_CHECKSUM,
        headers.transport(),
        Transport.checksumOffset(headers.protocol()));
    return true;
  }

  private boolean gsoToVnetHeader(Frame frame) {
    MemorySegment memory = frame.memory();
    int wanted = frame.gso() == Gso.TCP_V4 ? EtherType.IPV4 : EtherType.IPV6;
    int tcp = Transport.tcpHeaderLength(memory, Frame.DATA + (long) headers.transport());
    if (headers.type() != wanted
        || headers.protocol() != IpProtocol.TCP
        || frame.gsoSize() == 0
        || tcp < Transport.TCP_HEADER
        || !headers.hasTransport(tcp)) {
      return false;
    }
    if (!frame.checksumBlank()) {
      blank(frame);
    }
    VnetHeader.emitGso(
        memory,
        Frame.VNET_HEADER,
        frame.gso() == Gso.TCP_V4 ? VnetHeader.GSO_TCP_V4 : VnetHeader.GSO_TCP_V6,
        headers.transport() + tcp,
        frame.gsoSize());
    return true;
  }

  /** Leaves the pseudo header's sum in the checksum field, as whoever completes it expects. */
  private void blank(Frame frame) {
    long transport = Frame.DATA + (long) headers.transport();
    int sum = headers.pseudoHeaderSum();
    Transport.checksum(frame.memory(), transport, headers.protocol(), sum);
    frame.checksum(true, true);
  }

  /**
   * Takes the metadata from the header; the frame's length has been set. A blank checksum at a
   * place that netif's metadata cannot tell of (a tunnel's inner one) is filled in here.
   *
   * @return false when the header says what cannot be carried on: the frame is to be dropped
   */
  public boolean fromVnetHeader(Frame frame) {
    MemorySegment memory = frame.memory();
    int flags = VnetHeader.flags(memory, Frame.VNET_HEADER);
    boolean blank = (flags & VnetHeader.NEEDS_CHECKSUM) != 0;
    frame.gso(Gso.NONE, 0);
    frame.checksum(blank, blank || (flags & VnetHeader.DATA_VALID) != 0);
    int type = VnetHeader.gsoType(memory, Frame.VNET_HEADER) & ~VnetHeader.GSO_ECN;
    if (!blank) {
      return type == VnetHeader.GSO_NONE;
    }
    if (findChecksum(frame) && agrees(memory)) {
      return gsoFromVnetHeader(frame, type);
    }
    return type == VnetHeader.GSO_NONE && completeWhereHeaderSays(frame);
  }

  private boolean agrees(MemorySegment memory) {
    return VnetHeader.checksumStart(memory, Frame.VNET_HEADER) == headers.transport()
        && VnetHeader.checksumOffset(memory, Frame.VNET_HEADER)
            == Transport.checksumOffset(headers.protocol());
  }

  private static boolean gsoFromVnetHeader(Frame frame, int type) {
    int size = VnetHeader.gsoSize(frame.memory(), Frame.VNET_HEADER);
    switch (type) {
      case VnetHeader.GSO_NONE -> {
        return true;
      }
      case VnetHeader.GSO_TCP_V4 -> frame.gso(Gso.TCP_V4, size);
      case VnetHeader.GSO_TCP_V6 -> frame.gso(Gso.TCP_V6, size);
      default -> {
        return false;
      }
    }
    return size > 0;
  }

  private static boolean completeWhereHeaderSays(Frame frame) {
    MemorySegment memory = frame.memory();
    int start = VnetHeader.checksumStart(memory, Frame.VNET_HEADER);
    int field = start + VnetHeader.checksumOffset(memory, Frame.VNET_HEADER);
    if (field + 2 > frame.length()) {
      return false;
    }
    Checksum.complete(memory, Frame.DATA + start, frame.length() - start, Frame.DATA + field);
    frame.checksum(false, true);
    return true;
  }

  /**
   * Fills the checksum in if it is blank, for whoever takes complete frames only. Not for a GSO
   * frame, whose segments do not exist yet.
   *
   * @return false when there is no TCP or UDP header to fill it into
   */
  public boolean completeChecksum(Frame frame) {
    if (!frame.checksumBlank()) {
      return true;
    }
    if (!findChecksum(frame)) {
      return false;
    }
    long transport = Frame.DATA + (long) headers.transport();
    int covered = headers.end() - headers.transport();
    long field = transport + Transport.checksumOffset(headers.protocol());
    Checksum.complete(frame.memory(), transport, covered, field);
    frame.checksum(false, true);
    return true;
  }

  private boolean findChecksum(Frame frame) {
    headers.parse(frame.memory(), Frame.DATA, frame.length());
    return !headers.fragment()
        && Transport.checksumOffset(headers.protocol()) != Headers.NONE
        && headers.hasTransport(Transport.headerLength(headers.protocol()));
  }
}
