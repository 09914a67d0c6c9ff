package org.passerelle.lab.run;

import org.passerelle.link.os.Tap;
import org.passerelle.link.port.FrameObserver;
import org.passerelle.link.port.Port;
import org.passerelle.netback.NetDevice;
import org.passerelle.netback.protocol.Offloads;

/** A tap as one end of a vif: what netback or netfront carries frames for. */
final class TapDevice implements NetDevice {
  private final Tap tap;
  private final ObservablePort port;
  private final Runnable onClose;

  TapDevice(Tap tap, Runnable onClose) {
    this.tap = tap;
    this.port = new ObservablePort(tap);
    this.onClose = onClose;
  }

  @Override
  public Port port() {
    return port;
  }

  void observe(FrameObserver observer) {
    port.observe(observer);
  }

  void observeNoMore() {
    port.observeNoMore();
  }

  @Override
  public void carrier(boolean on) {
    tap.carrier(on);
  }

  @Override
  public void peerAccepts(Offloads offloads) {
    boolean checksum = offloads.checksumV4() && offloads.checksumV6();
    tap.offloads(checksum, offloads.gsoV4(), offloads.gsoV6());
  }

  @Override
  public void close() {
    onClose.run();
    tap.close();
  }
}
