package org.passerelle.link.port;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.passerelle.link.wire.CapturedFrames;

/** Frames for tests. */
public final class Frames {
  private Frames() {}

  /** A frame with these octets, complete and plain. */
  public static Frame of(String hex) {
    byte[] octets = CapturedFrames.octets(hex);
    Frame frame = empty();
    MemorySegment.copy(octets, 0, frame.memory(), ValueLayout.JAVA_BYTE, Frame.DATA, octets.length);
    frame.length(octets.length);
    return frame;
  }

  public static Frame empty() {
    return new Frame(Arena.ofAuto());
  }

  /** The frame's octets as hexadecimal text. */
  public static String hex(Frame frame) {
    return CapturedFrames.hex(frame.data());
  }

  /** The octets of the frame's {@code virtio_net_hdr}. */
  public static String vnetHeader(Frame frame) {
    return CapturedFrames.hex(frame.memory().asSlice(Frame.VNET_HEADER, 10));
  }
}
