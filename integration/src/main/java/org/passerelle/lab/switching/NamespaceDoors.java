package org.passerelle.lab.switching;

import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.PacketSocket;
import org.passerelle.link.os.SendingEnd;
import org.passerelle.link.os.VethPorts;
import org.passerelle.link.port.LinkPort;
import org.passerelle.link.port.Port;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VethKind;

/** The ways into a real namespace. */
final class NamespaceDoors implements Doors, AutoCloseable {
  private final Namespace namespace;
  private final VethPorts locals = new VethPorts();

  NamespaceDoors(Namespace namespace) {
    this.namespace = namespace;
  }

  @Override
  public Port share(String device) {
    return namespace.call(() -> PacketSocket.open(device));
  }

  /** The switch carries all that a frame can tell of. */
  @Override
  public Port makeLocal(LinkSpec spec) {
    LinkPort local = namespace.call(() -> locals.standIn(spec));
    try {
      local.offloads(true, true, true);
      return local;
    } catch (RuntimeException e) {
      local.close();
      throw e;
    }
  }

  @Override
  public void prepare(String device, VethKind pair) {
    SendingEnd.prepare(namespace, device);
    int there = pair.peerNamespace().orElse(namespace.descriptor());
    SendingEnd.prepare(Namespace.of(there), pair.peer());
  }

  @Override
  public Port takeOver(String device) {
    return namespace.call(() -> TakenPort.take(device));
  }

  /** The ports have been closed before. */
  @Override
  public void close() {
    locals.close();
  }
}
