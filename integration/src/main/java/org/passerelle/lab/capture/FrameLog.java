package org.passerelle.lab.capture;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.FrameObserver;

/**
 * Keeps the frames that pass, up to a limit; what comes after is only counted. Frames come from the
 * thread that moves them, so they are copied here and looked at later.
 */
final class FrameLog implements FrameObserver {
  private static final long MOST_OCTETS = 64L << 20;

  private final List<CapturedFrame> frames = new ArrayList<>();
  private long octets;
  private long lost;

  @Override
  public void passed(Frame frame, Direction direction, long nanos) {
    MemorySegment data = frame.memory().asSlice(Frame.DATA, frame.length());
    add(new CapturedFrame(nanos, direction, data.toArray(ValueLayout.JAVA_BYTE)));
  }

  synchronized void add(CapturedFrame frame) {
    if (octets + frame.octets().length > MOST_OCTETS) {
      lost++;
      return;
    }
    octets += frame.octets().length;
    frames.add(frame);
  }

  synchronized List<CapturedFrame> frames() {
    return List.copyOf(frames);
  }

  /** Frames that there was no room for. */
  synchronized long lost() {
    return lost;
  }
}
