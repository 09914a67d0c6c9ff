package org.passerelle.bridge.learning;

import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Frames;

/** Frames between stations. */
final class TestFrames {
  static final long WEB = 0x0016_3E00_0001L;
  static final long MAIL = 0x0016_3E00_0002L;
  static final long DB = 0x0016_3E00_0003L;
  static final long BROADCAST = 0xFFFF_FFFF_FFFFL;

  private TestFrames() {}

  /** A frame of an experimental type (IEEE 802, 88B5) that carries one number. */
  static Frame frame(long source, long destination, int number) {
    return Frames.of("%012x %012x 88b5 %08x".formatted(destination, source, number));
  }
}
