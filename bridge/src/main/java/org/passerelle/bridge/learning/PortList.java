package org.passerelle.bridge.learning;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.passerelle.link.port.Port;

/** A bridge's ports by number. The number of one that has left is given to the next one. */
final class PortList {
  /** The forwarding table has 16 bits for a number. */
  private static final int MOST = 1 << 16;

  private BridgePort[] ports = new BridgePort[0];

  /** Throws IllegalStateException when all numbers are taken. */
  BridgePort add(Port port, PortVlans vlans) {
    int number = 0;
    while (number < ports.length && ports[number] != null) {
      number++;
    }
    if (number == MOST) {
      throw new IllegalStateException("add " + port.name() + ": a bridge has " + MOST + " ports");
    }
    if (number == ports.length) {
      ports = Arrays.copyOf(ports, number + 1);
    }
    ports[number] = new BridgePort(port, number, vlans);
    return ports[number];
  }

  void remove(BridgePort port) {
    ports[port.number] = null;
  }

  boolean has(BridgePort port) {
    return port.number < ports.length && ports[port.number] == port;
  }

  BridgePort at(int number) {
    return ports[number];
  }

  /** All of them by number, for loops that must not allocate: null where one has left. */
  BridgePort[] slots() {
    return ports;
  }

  List<BridgePort> toList() {
    return Arrays.stream(ports).filter(Objects::nonNull).toList();
  }
}
