package org.passerelle.netback;

import org.passerelle.link.port.Frame;
import org.passerelle.link.wire.EtherType;
import org.passerelle.link.wire.Headers;
import org.passerelle.link.wire.IpProtocol;
import org.passerelle.link.wire.Transport;

/**
 * Sees to it that a frame bears what its metadata says, as Linux's netback does ({@code
 * checksum_setup}): a blank checksum needs a TCP or UDP header to be filled into, and a frame to be
 * segmented needs a blank checksum, which is made where a guest has left it out.
 */
final class ChecksumFixup {
  enum Verdict {
    GOOD,
    FIXED,
    HOPELESS
  }

  private final Headers headers = new Headers();

  Verdict check(Frame frame) {
    boolean segmented = frame.gso() != Frame.Gso.NONE;
    if (!segmented && !frame.checksumBlank()) {
      return Verdict.GOOD;
    }
    headers.parse(frame.memory(), Frame.DATA, frame.length());
    if (!hasChecksum() || segmented && !bearsSegments(frame.gso())) {
      return Verdict.HOPELESS;
    }
    if (frame.checksumBlank()) {
      return Verdict.GOOD;
    }
    blank(frame);
    return Verdict.FIXED;
  }

  private boolean hasChecksum() {
    return !headers.fragment()
        && Transport.checksumOffset(headers.protocol()) != Headers.NONE
        && headers.hasTransport(Transport.headerLength(headers.protocol()));
  }

  private boolean bearsSegments(Frame.Gso gso) {
    int type = gso == Frame.Gso.TCP_V4 ? EtherType.IPV4 : EtherType.IPV6;
    return headers.type() == type && headers.protocol() == IpProtocol.TCP;
  }

  private void blank(Frame frame) {
    long transport = Frame.DATA + (long) headers.transport();
    int sum = headers.pseudoHeaderSum();
    Transport.checksum(frame.memory(), transport, headers.protocol(), sum);
    frame.checksum(true, true);
  }
}
