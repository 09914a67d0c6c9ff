package org.passerelle.lab.switching;

import org.passerelle.link.os.IngressDrop;
import org.passerelle.link.os.PacketSocket;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Port;
import org.passerelle.link.rtnl.KernelException;

/** A device that is a bridge's port: its frames are ours alone. */
final class TakenPort implements Port {
  private final IngressDrop drop;
  private final PacketSocket socket;

  private TakenPort(IngressDrop drop, PacketSocket socket) {
    this.drop = drop;
    this.socket = socket;
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
  public String name() {
    return socket.name();
  }

  @Override
  public boolean receive(Frame frame) {
    return socket.receive(frame);
  }

  @Override
  public boolean send(Frame frame) {
    return socket.send(frame);
  }

  @Override
  public int descriptor() {
    return socket.descriptor();
  }

  @Override
  public void close() {
    socket.close();
    drop.close();
  }
}
