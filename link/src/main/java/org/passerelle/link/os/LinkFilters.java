package org.passerelle.link.os;

import java.util.List;
import org.passerelle.link.netlink.NetlinkConversation;
import org.passerelle.link.netlink.NetlinkException;
import org.passerelle.link.netlink.NetlinkWriter;
import org.passerelle.link.rtnl.IngressMessages;
import org.passerelle.link.rtnl.KernelException;

/** A link's filters of ours beside those of others, which are left alone, as is their place. */
final class LinkFilters implements AutoCloseable {
  private final NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.ROUTE);
  private final NetlinkConversation conversation = new NetlinkConversation(socket);
  private final int index;
  private final String operation;

  /**
   * Those of a link of the calling thread's namespace.
   *
   * @param operation what is done, for what is said when it fails
   */
  LinkFilters(int index, String operation) {
    this.index = index;
    this.operation = operation;
  }

  void add(List<NetlinkWriter> filters) {
    request(IngressMessages.addPlace(index), Errno.EEXIST);
    filters.forEach(this::request);
  }

  /** Nothing happens where there are none. */
  void remove(List<NetlinkWriter> filters) {
    boolean removed = false;
    for (NetlinkWriter filter : filters) {
      // EINVAL says that there is no place for filters.
      removed |= request(filter, Errno.ENOENT, Errno.EINVAL);
    }
    if (removed && isEmpty()) {
      request(IngressMessages.removePlace(index));
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
    return NativeIo.failure(operation, e.errno(), Remedies.ingress(e.errno(), e.text()));
  }

  @Override
  public void close() {
    socket.close();
  }
}
