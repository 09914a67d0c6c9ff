package org.passerelle.bridge.learning;

import java.util.ArrayDeque;

/**
 * The ports that may have frames, in the order in which they are asked: one frame from each, then
 * the next round. A port without frames leaves until somebody says that it is ready; one of which
 * nobody can say so stays, and is asked once a call.
 */
final class Turns {
  private final ArrayDeque<BridgePort> line = new ArrayDeque<>();

  /** Those that had none, and are to be asked in the next call all the same. */
  private final ArrayDeque<BridgePort> idle = new ArrayDeque<>();

  /** The port may have frames. */
  void ready(BridgePort port) {
    if (!port.inLine) {
      port.inLine = true;
      line.add(port);
    }
  }

  /** Forgets a port; not within a round. */
  void remove(BridgePort port) {
    line.remove(port);
  }

  /** How many ports there are to be asked in this round. */
  int size() {
    return line.size();
  }

  BridgePort next() {
    return line.remove();
  }

  void hadOne(BridgePort port) {
    line.add(port);
  }

  void hadNone(BridgePort port) {
    if (port.mustBeAsked()) {
      idle.add(port);
    } else {
      port.inLine = false;
    }
  }

  /** Who is asked first finds most room behind the other ports: another one in the next call. */
  void endOfCall() {
    line.addAll(idle);
    idle.clear();
    if (line.size() > 1) {
      line.add(line.remove());
    }
  }
}
