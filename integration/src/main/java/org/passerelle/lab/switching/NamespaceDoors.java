package org.passerelle.lab.switching;

import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.os.PacketSocket;
import org.passerelle.link.os.Sysctl;
import org.passerelle.link.port.Port;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VethKind;

/**
 * The ways into a real namespace. The other ends of bridges' devices are in one of our own, where
 * nobody sees them and nothing speaks on them.
 */
final class NamespaceDoors implements Doors, AutoCloseable {
  /** The veth's other end takes whatever the bridge's own device is set to. */
  private static final LinkChange READY = LinkChange.builder().mtu(65_535).up(true).build();

  private final Namespace namespace;
  private final Namespace backstage;
  private final NetlinkKernel backstageKernel;
  private int made;

  NamespaceDoors(Namespace namespace) {
    this.namespace = namespace;
    this.backstage = Namespace.create();
    this.backstageKernel = backstage.kernel();
    Sysctl.in(backstage).disableIpv6();
  }

  @Override
  public synchronized Port makeLocal(Kernel kernel, LinkSpec bridge) {
    String end = "local" + made++;
    VethKind pair = new VethKind(end).withPeerIn(backstage.descriptor());
    kernel.create(new LinkSpec(bridge.name(), pair, bridge.mac(), bridge.mtu(), bridge.group()));
    try {
      backstageKernel.change(end, READY);
      return backstage.call(() -> PacketSocket.open(end));
    } catch (KernelException e) {
      kernel.delete(bridge.name());
      throw e;
    }
  }

  @Override
  public Port takeOver(String device) {
    return namespace.call(() -> TakenPort.take(device));
  }

  /** The namespace itself ends with its last device. */
  @Override
  public void close() {
    backstageKernel.close();
    backstage.close();
  }
}
