package org.passerelle.bridge.learning;

/** What is counted of each port, seen from the bridge. */
public enum PortCounter {
  /** Frames that came in, whatever became of them. */
  RECEIVED,
  RECEIVED_BYTES,
  /** Frames that the port took. */
  SENT,
  SENT_BYTES,
  /** Frames that the port had no room for: they are lost, as with a full queue. */
  NO_ROOM,
  /**
   * Frames that came in without an Ethernet header, or from an address that no station can have.
   */
  INVALID,
  /** Frames that came in with a tag that the port does not carry, or without one that it needs. */
  REFUSED,
  /** Frames that came in and had no business elsewhere: for this side itself, or link-local. */
  FILTERED
}
