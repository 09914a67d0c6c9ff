package org.passerelle.link.os;

import java.util.SortedSet;
import org.passerelle.link.netlink.NetlinkConversation;
import org.passerelle.link.netlink.NetlinkException;
import org.passerelle.link.netlink.NetlinkWriter;
import org.passerelle.link.rtnl.IngressMessages;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.wire.VlanId;

/**
 * Keeps the frames of some VLANs that come in by a NIC from the bridge that it may be a port of, as
 * the kernel's own VLAN devices do, which take them before it: they are for the packet socket of
 * whoever serves the VLANs. It lasts until it is ended, by another process if need be; filters of
 * others are left alone.
 */
public final class IngressVlans {
  private final NetlinkConversation conversation;
  private final int index;
  private final String link;

  private IngressVlans(NetlinkSocket socket, int index, String link) {
    this.conversation = new NetlinkConversation(socket);
    this.index = index;
    this.link = link;
  }

  /**
   * From now on it is these VLANs' frames.
   *
   * @param index the NIC's, in the calling thread's namespace
   * @throws KernelException when the kernel cannot
   * @throws IllegalArgumentException when they are too many, with gaps between
   */
  public static void drop(int index, String link, SortedSet<VlanId> vlans) {
    try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.ROUTE)) {
      IngressVlans filter = new IngressVlans(socket, index, link);
      filter.request(IngressMessages.addPlace(index), Errno.EEXIST);
      filter.request(IngressMessages.dropVlans(index, vlans));
    }
  }

  /** It is no VLAN's frames any more; nothing happens where it was none's. */
  public static void end(int index, String link) {
    try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.ROUTE)) {
      IngressVlans filter = new IngressVlans(socket, index, link);
      // EINVAL says that there is no place for filters.
      if (filter.request(IngressMessages.dropNoVlans(index), Errno.ENOENT, Errno.EINVAL)
          && filter.isEmpty()) {
        filter.request(IngressMessages.removePlace(index));
      }
    }
  }

  /** False where the kernel refused for one of these reasons. */
  private boolean request(NetlinkWriter message, int... allowed) {
    try {
      conversation.change(message);
      return true;
    } catch (NetlinkException e) {
      for (int errno : allowed) {
        if (errno == e.errno()) {
          return false;
        }
      }
      throw failure(e);
    }
  }

  private boolean isEmpty() {
    try {
      boolean empty = true;
      for (NetlinkWriter question : IngressMessages.filters(index)) {
        empty &= conversation.dump(question).isEmpty();
      }
      return empty;
    } catch (NetlinkException e) {
      throw failure(e);
    }
  }

  private KernelException failure(NetlinkException e) {
    String operation = "keep the frames of VLANs that come in by " + link + " from its bridge";
    return NativeIo.failure(operation, e.errno(), Remedies.ingress(e.errno(), e.text()));
  }
}
