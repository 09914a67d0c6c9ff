package org.passerelle.netback.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.passerelle.link.port.Port;
import org.passerelle.netback.NetDevice;
import org.passerelle.netback.protocol.Offloads;

/** A device around any port; remembers what it was told. */
public final class TestDevice implements NetDevice {
  private final Port port;
  public final List<Boolean> carrier = new CopyOnWriteArrayList<>();
  public Offloads peer = Offloads.NONE;
  public volatile boolean closed;

  public TestDevice(Port port) {
    this.port = port;
  }

  @Override
  public Port port() {
    return port;
  }

  @Override
  public void carrier(boolean on) {
    carrier.add(on);
  }

  @Override
  public void peerAccepts(Offloads offloads) {
    peer = offloads;
  }

  @Override
  public void close() {
    closed = true;
  }
}
