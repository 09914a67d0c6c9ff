package org.passerelle.lab.run;

import org.passerelle.link.port.Frame;
import org.passerelle.link.port.FrameObserver;
import org.passerelle.link.port.Port;
import org.passerelle.link.port.PortDecorator;
import org.passerelle.link.port.TracingPort;

/** A port that can be watched for a while; costs one read of a field when nobody does. */
final class ObservablePort extends PortDecorator {
  private volatile Port current;

  ObservablePort(Port port) {
    super(port);
    this.current = port;
  }

  /** From any thread. */
  void observe(FrameObserver observer) {
    current = new TracingPort(port, observer);
  }

  void observeNoMore() {
    current = port;
  }

  @Override
  public boolean receive(Frame frame) {
    return current.receive(frame);
  }

  @Override
  public boolean send(Frame frame) {
    return current.send(frame);
  }
}
