package org.passerelle.link.port;

/** Sees frames pass, and may not change or keep them. */
@FunctionalInterface
public interface FrameObserver {

  /**
   * A frame has passed.
   *
   * @param nanos nanoseconds since 1970, UTC
   */
  void passed(Frame frame, Direction direction, long nanos);

  /** Seen from whoever holds the port. */
  enum Direction {
    /** Received from the port. */
    IN,
    /** Sent to the port. */
    OUT
  }
}
