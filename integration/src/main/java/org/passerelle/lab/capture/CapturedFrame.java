package org.passerelle.lab.capture;

import java.lang.foreign.MemorySegment;
import org.passerelle.link.port.FrameObserver.Direction;
import org.passerelle.link.wire.FrameText;

/**
 * A frame as it passed.
 *
 * @param nanos nanoseconds since 1970, UTC
 * @param octets the whole frame, its VLAN tag included
 */
record CapturedFrame(long nanos, Direction direction, byte[] octets) {

  /** In one line, with the seconds since {@code start}. */
  String text(long start) {
    String frame = FrameText.of(MemorySegment.ofArray(octets), 0, octets.length);
    return "%.6f %s".formatted((nanos - start) / 1e9, frame);
  }
}
