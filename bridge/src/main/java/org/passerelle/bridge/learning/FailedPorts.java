package org.passerelle.bridge.learning;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/** Ports that failed in this round: they are taken out when nobody is going through them. */
final class FailedPorts {
  private final ArrayDeque<BridgePort> failed = new ArrayDeque<>();
  private final Consumer<BridgePort> remove;
  private final FailureListener listener;

  /**
   * @param remove takes one out
   * @param listener hears of each after that
   */
  FailedPorts(Consumer<BridgePort> remove, FailureListener listener) {
    this.remove = remove;
    this.listener = listener;
  }

  void add(BridgePort port, RuntimeException cause) {
    port.failure = cause;
    failed.add(port);
  }

  void takeOut() {
    for (BridgePort port = failed.poll(); port != null; port = failed.poll()) {
      remove.accept(port);
      listener.failed(port, port.failure);
    }
  }
}
