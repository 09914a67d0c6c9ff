package org.passerelle.lab.switching;

import org.passerelle.link.os.IngressDrop;
import org.passerelle.link.os.PacketSocket;
import org.passerelle.link.port.PortDecorator;
import org.passerelle.link.rtnl.KernelException;

/** A device that is a bridge's port: its frames are ours alone. */
final class TakenPort extends PortDecorator {
  private final IngressDrop drop;

  private TakenPort(IngressDrop drop, PacketSocket socket) {
    super(socket);
    this.drop = drop;
  }

  /** Takes a device of the calling thread's namespace. */
  static TakenPort take(String device) {
    IngressDrop drop = IngressDrop.on(device);
    try {
      return new TakenPort(drop, PacketSocket.open(device));
    } catch (KernelException e) {
      drop.close();
      throw e;
    }
  }

  @Override
  public void close() {
    super.close();
    drop.close();
  }
}
