package org.passerelle.lab.run;

import org.passerelle.link.port.FrameObserver;
import org.passerelle.link.port.LinkPort;
import org.passerelle.link.port.Port;
import org.passerelle.netback.NetDevice;
import org.passerelle.netback.protocol.Offloads;

/** A link as one end of a vif: what netback or netfront carries frames for. */
final class LinkDevice implements NetDevice {
  private final LinkPort link;
  private final ObservablePort port;
  private final Runnable onClose;

  LinkDevice(LinkPort link, Runnable onClose) {
    this.link = link;
    this.port = new ObservablePort(link);
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
    link.carrier(on);
  }

  @Override
  public void peerAccepts(Offloads offloads) {
    boolean checksum = offloads.checksumV4() && offloads.checksumV6();
    link.offloads(checksum, offloads.gsoV4(), offloads.gsoV6());
  }

  @Override
  public void close() {
    onClose.run();
    link.close();
  }
}
