package org.passerelle.hypervisor.device;

import static org.passerelle.hypervisor.device.XenbusState.CLOSED;
import static org.passerelle.hypervisor.device.XenbusState.CLOSING;
import static org.passerelle.hypervisor.device.XenbusState.CONNECTED;
import static org.passerelle.hypervisor.device.XenbusState.INITIALISED;
import static org.passerelle.hypervisor.device.XenbusState.INITIALISING;
import static org.passerelle.hypervisor.device.XenbusState.INIT_WAIT;

/**
 * The two ends of a split device and the moves that each may make. A move to a state that is not a
 * neighbour goes through those in between: a guest that never sees Closing may hang.
 *
 * <pre>
 *   BACKEND                                              FRONTEND
 *
 *   Initialising ──► InitWait ──► Connected              Initialising ──► Initialised ──► Connected
 *        │            ▲    │          │                     ▲    │ └────────────│─────────►  │
 *        │            │    └──► Closing ◄──┘                │    └────────► Closing ◄────────┘
 *        │            │           ▲ │                       │                  │
 *        └────────► Closed ◄──────┴─┘                       └─────────────  Closed
 * </pre>
 *
 * The backend's moves are those that Linux's netback allows itself ({@code set_backend_state} in
 * {@code drivers/net/xen-netback/xenbus.c}).
 */
public enum DeviceEnd {
  BACKEND {
    @Override
    XenbusState next(XenbusState from, XenbusState to) {
      return switch (from) {
        case INITIALISING -> to == CLOSED ? CLOSED : INIT_WAIT;
        case INIT_WAIT -> to == CONNECTED ? CONNECTED : CLOSING;
        case CONNECTED -> CLOSING;
        case CLOSING -> CLOSED;
        case CLOSED -> to == CLOSING ? CLOSING : INIT_WAIT;
        default -> throw illegal(from, to);
      };
    }

    @Override
    boolean isGoal(XenbusState state) {
      return state == INIT_WAIT || state == CONNECTED || state == CLOSING || state == CLOSED;
    }
  },

  FRONTEND {
    @Override
    XenbusState next(XenbusState from, XenbusState to) {
      return switch (from) {
        case INITIALISING -> to == CLOSED ? CLOSING : to;
        case INITIALISED -> to == CONNECTED ? CONNECTED : CLOSING;
        case CONNECTED -> CLOSING;
        case CLOSING -> CLOSED;
        case CLOSED -> INITIALISING;
        default -> throw illegal(from, to);
      };
    }

    @Override
    boolean isGoal(XenbusState state) {
      return state == INITIALISING
          || state == INITIALISED
          || state == CONNECTED
          || state == CLOSING
          || state == CLOSED;
    }
  };

  /** The next state on the way; {@code from} and {@code to} differ. */
  abstract XenbusState next(XenbusState from, XenbusState to);

  /** Whether this end may be told to go there. */
  abstract boolean isGoal(XenbusState state);

  IllegalArgumentException illegal(XenbusState from, XenbusState to) {
    return new IllegalArgumentException(this + " cannot go from " + from + " to " + to);
  }
}
