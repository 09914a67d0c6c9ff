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
  };

  /** The next state on the way; {@code from} and {@code to} differ. */
  abstract XenbusState next(XenbusState from, XenbusState to);

  /** Whether this end can be told to go there; every state but a fresh one's. */
  boolean isGoal(XenbusState state) {
    return mayBeIn(state) && (this == FRONTEND || state != INITIALISING);
  }

  /** Whether this end ever is in that state. */
  public boolean mayBeIn(XenbusState state) {
    return switch (state) {
      case INITIALISING, CONNECTED, CLOSING, CLOSED -> true;
      case INIT_WAIT -> this == BACKEND;
      case INITIALISED -> this == FRONTEND;
      default -> false;
    };
  }

  IllegalArgumentException illegal(XenbusState from, XenbusState to) {
    return new IllegalArgumentException(this + " cannot go from " + from + " to " + to);
  }
}
