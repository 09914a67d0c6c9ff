package org.passerelle.link.port;

/**
 * Where frames go in and out. Never blocks, never throws on what a peer sent. Owned by one thread.
 */
public interface Port extends AutoCloseable {

  /** A name for logs and captures: {@code vif1.0}, {@code web/eth0}. */
  String name();

  /**
   * Takes the next frame into {@code frame}.
   *
   * @return true when there was one
   */
  boolean receive(Frame frame);

  /**
   * Sends a frame.
   *
   * @return false when there is no room now: nothing was sent, try again when the port is writable
   */
  boolean send(Frame frame);

  /**
   * A descriptor that polls readable when {@link #receive} may have a frame; -1 when there is none.
   */
  int descriptor();

  @Override
  void close();
}
