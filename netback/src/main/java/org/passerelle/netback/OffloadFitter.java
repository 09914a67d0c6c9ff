package org.passerelle.netback;

import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Offload;
import org.passerelle.link.wire.EtherType;
import org.passerelle.link.wire.Ethernet;
import org.passerelle.netback.protocol.Limits;
import org.passerelle.netback.protocol.Offloads;

/**
 * Fits a frame to what the other end accepts: checksums are filled in, the rest cannot be helped.
 */
final class OffloadFitter {
  private final Offloads accepted;
  private final Offload offload = new Offload();

  OffloadFitter(Offloads accepted) {
    this.accepted = accepted;
  }

  /** False when the frame cannot be had by the other end. */
  boolean fit(Frame frame) {
    boolean carried =
        switch (frame.gso()) {
          case NONE -> true;
          case TCP_V4 -> accepted.gsoV4();
          case TCP_V6 -> accepted.gsoV6();
        };
    if (!carried || frame.length() < Limits.MIN_FRAME) {
      return false;
    }
    if (frame.length() > Limits.PAGE_SIZE && !accepted.scatterGather()) {
      return false;
    }
    return !frame.checksumBlank() || takesBlank(frame) || offload.completeChecksum(frame);
  }

  private boolean takesBlank(Frame frame) {
    if (accepted.checksumV4() && accepted.checksumV6()) {
      return true;
    }
    int type = Ethernet.type(frame.memory(), Frame.DATA);
    return type == EtherType.IPV6
        ? accepted.checksumV6()
        : type == EtherType.IPV4 && accepted.checksumV4();
  }
}
