package org.passerelle.bridge.learning;

import org.passerelle.link.port.Port;

/** A port while it belongs to a bridge. */
public final class BridgePort {
  /** The port's number in the bridge and its forwarding table; given anew when it has left. */
  final int number;

  /** It stands in the line of those that are to be asked for frames. */
  boolean inLine;

  /** What the port threw: it is about to be taken out. */
  RuntimeException failure;

  /** Which VLANs it carries. */
  PortVlans vlans;

  private final Port port;
  private final PortCounters counters = new PortCounters();

  BridgePort(Port port, int number, PortVlans vlans) {
    this.port = port;
    this.number = number;
    this.vlans = vlans;
  }

  /** The port itself; the bridge neither opened it nor closes it. */
  public Port port() {
    return port;
  }

  public PortCounters counters() {
    return counters;
  }

  void count(PortCounter counter) {
    counters.add(counter, 1);
  }

  void countFrame(PortCounter frames, PortCounter bytes, int length) {
    counters.add(frames, 1);
    counters.add(bytes, length);
  }

  /** Without a descriptor nobody can tell when it has frames: it must be asked each time. */
  boolean mustBeAsked() {
    return port.descriptor() < 0;
  }

  @Override
  public String toString() {
    return port.name();
  }
}
