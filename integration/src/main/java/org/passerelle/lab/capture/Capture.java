package org.passerelle.lab.capture;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.FrameObserver;
import org.passerelle.link.port.PcapWriter;

/** One capture at one point, from its start until its frames are judged. */
public final class Capture implements AutoCloseable {
  private static final Duration LATE = Duration.ofMillis(60);

  private final FrameLog log = new FrameLog();
  private final Optional<FrameFilter> filter;
  private FrameSource source = () -> {};

  /**
   * @param filter in libpcap's language; every frame passes without one
   */
  public Capture(Optional<String> filter) {
    this.filter = filter.map(FrameFilter::compile);
  }

  /** Starts to listen on a device of the calling thread's namespace. */
  public void listenOn(String device) {
    source = DeviceTap.open(device, log);
  }

  /** Shows frames to this capture until {@link #stop} closes {@code end}. */
  public FrameObserver observer() {
    return log;
  }

  /** What is to be closed when the capture ends. */
  public void endWith(FrameSource end) {
    source = end;
  }

  /** Ends it, a moment late: frames that were on their way are still taken. */
  public void stop() throws InterruptedException {
    Thread.sleep(LATE);
    FrameSource ending = source;
    source = () -> {};
    ending.close();
  }

  /** The frames that pass the filter, in order. */
  public Frames frames() {
    List<CapturedFrame> passed =
        log.frames().stream()
            .filter(frame -> filter.isEmpty() || filter.get().accepts(frame.octets()))
            .toList();
    return new Frames(passed, log.lost());
  }

  /** Writes the frames that pass the filter to a pcapng file. */
  public void save(Path file, String point) throws IOException {
    try (Arena arena = Arena.ofConfined();
        PcapWriter writer = PcapWriter.create(file)) {
      FrameObserver to = writer.addInterface(point);
      Frame frame = new Frame(arena);
      for (CapturedFrame captured : frames().list()) {
        int length = Math.min(captured.octets().length, Frame.MAX_LENGTH);
        frame.clear();
        frame.length(length);
        MemorySegment.copy(
            captured.octets(), 0, frame.memory(), ValueLayout.JAVA_BYTE, Frame.DATA, length);
        to.passed(frame, captured.direction(), captured.nanos());
      }
    }
  }

  @Override
  public void close() {
    source.close();
    filter.ifPresent(FrameFilter::close);
  }
}
