package org.passerelle.link.port;

import java.time.Instant;
import java.util.function.LongSupplier;
import org.passerelle.link.port.FrameObserver.Direction;

/** Shows each frame that passes a port to an observer: a tap on what has no device to listen at. */
public final class TracingPort extends PortDecorator {
  private final FrameObserver observer;
  private final LongSupplier clock;

  /** Stamps frames with the system's clock. */
  public TracingPort(Port port, FrameObserver observer) {
    this(port, observer, TracingPort::now);
  }

  /**
   * @param clock nanoseconds since 1970, UTC
   */
  public TracingPort(Port port, FrameObserver observer, LongSupplier clock) {
    super(port);
    this.observer = observer;
    this.clock = clock;
  }

  private static long now() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  @Override
  public boolean receive(Frame frame) {
    if (!port.receive(frame)) {
      return false;
    }
    observer.passed(frame, Direction.IN, clock.getAsLong());
    return true;
  }

  @Override
  public boolean send(Frame frame) {
    long before = clock.getAsLong(); // an answer must not be stamped earlier than its question
    if (!port.send(frame)) {
      return false;
    }
    observer.passed(frame, Direction.OUT, before);
    return true;
  }
}
