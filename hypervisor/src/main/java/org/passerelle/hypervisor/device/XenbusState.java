package org.passerelle.hypervisor.device;

import java.util.Optional;

/**
 * What one end of a split device says of itself in its {@code state} node: {@code enum
 * xenbus_state} of Xen's {@code io/xenbus.h}. The ordinal is the number on the wire.
 */
public enum XenbusState {
  UNKNOWN,
  INITIALISING,
  INIT_WAIT,
  INITIALISED,
  CONNECTED,
  CLOSING,
  CLOSED,
  RECONFIGURING,
  RECONFIGURED;

  /** The node's text. */
  public String text() {
    return Integer.toString(ordinal());
  }

  /** Reads a peer's node; absent or not one of the numbers is {@link #UNKNOWN}. */
  public static XenbusState parse(Optional<String> node) {
    String text = node.orElse("");
    if (text.length() != 1) {
      return UNKNOWN;
    }
    int number = text.charAt(0) - '0';
    return number >= 0 && number < values().length ? values()[number] : UNKNOWN;
  }
}
