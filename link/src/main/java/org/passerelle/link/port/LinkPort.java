package org.passerelle.link.port;

/** A port that is the other end of a link of the kernel's, which others see and set. */
public interface LinkPort extends Port {

  /**
   * Says what we take from the kernel, from now on: blank checksums, and TCP frames to be cut into
   * segments. The kernel wants the first for the others. Sending needs no leave.
   */
  void offloads(boolean checksum, boolean tsoV4, boolean tsoV6);

  /** Plugs the link's cable in, or pulls it out. It is in from the start. */
  void carrier(boolean on);
}
