package org.passerelle.link.os;

import org.passerelle.link.netlink.NetlinkConversation;
import org.passerelle.link.netlink.NetlinkException;
import org.passerelle.link.netlink.NetlinkWriter;
import org.passerelle.link.rtnl.IngressMessages;
import org.passerelle.link.rtnl.KernelException;

/**
 * Keeps whatever comes in by a link from the host's own protocols, as a bridge does with what comes
 * in by its ports: no ARP, no broadcast, no router advertisement is heard there. Packet sockets see
 * all of it, for the kernel asks them first (net/core/dev.c, __netif_receive_skb_core: ptype_all,
 * then sch_handle_ingress). The link's own settings stay as they are, and it may be renamed.
 */
public final class IngressDrop implements AutoCloseable {
  private final NetlinkSocket socket;
  private final String link;
  private final int index;

  private IngressDrop(NetlinkSocket socket, String link, int index) {
    this.socket = socket;
    this.link = link;
    this.index = index;
  }

  /**
   * Begins, on a link of the calling thread's namespace.
   *
   * @throws KernelException EEXIST when the link has filters already
   */
  public static IngressDrop on(String link) {
    int index = SocketCalls.linkIndex(link);
    if (index < 0) {
      throw NativeIo.failure("find link " + link, -index, Remedies.packetSocket(-index));
    }
    IngressDrop drop = new IngressDrop(NetlinkSocket.open(NetlinkSocket.ROUTE), link, index);
    try {
      drop.install();
      return drop;
    } catch (KernelException e) {
      drop.socket.close();
      throw e;
    }
  }

  private void install() {
    request(IngressMessages.addPlace(index));
    try {
      request(IngressMessages.dropAll(index));
    } catch (KernelException e) {
      request(IngressMessages.removePlace(index));
      throw e;
    }
  }

  private void request(NetlinkWriter message) {
    try {
      new NetlinkConversation(socket).change(message);
    } catch (NetlinkException e) {
      String operation = "keep what comes in by " + link + " from the host's own protocols";
      throw NativeIo.failure(operation, e.errno(), Remedies.ingress(e.errno(), e.text()));
    }
  }

  /** Ends it. A link that is gone has taken its filters along. */
  @Override
  public void close() {
    try {
      request(IngressMessages.removePlace(index));
    } catch (KernelException e) {
      if (e.errno() != Errno.ENODEV) {
        throw e;
      }
    } finally {
      socket.close();
    }
  }
}
