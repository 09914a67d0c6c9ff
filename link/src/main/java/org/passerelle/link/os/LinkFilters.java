package org.passerelle.link.os;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.passerelle.link.list.Lists;
import org.passerelle.link.netlink.NetlinkConversation;
import org.passerelle.link.netlink.NetlinkException;
import org.passerelle.link.netlink.NetlinkMessage;
import org.passerelle.link.netlink.NetlinkWriter;
import org.passerelle.link.rtnl.FilterPlace;
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

  /**
   * All of them, or none where there was no place yet.
   *
   * @param filters for either place
   */
  void add(Function<FilterPlace, List<NetlinkWriter>> filters) {
    if (!request(IngressMessages.addPlace(index), Errno.EEXIST)) {
      addTo(isPlaceOurs() ? FilterPlace.OURS : FilterPlace.OTHERS, filters);
      return;
    }
    try {
      addTo(FilterPlace.OURS, filters);
    } catch (RuntimeException e) {
      // Without a filter of ours it would be somebody else's from now on.
      undo(e);
      throw e;
    }
  }

  private void addTo(FilterPlace place, Function<FilterPlace, List<NetlinkWriter>> filters) {
    filters.apply(place).forEach(this::request);
  }

  private void undo(RuntimeException cause) {
    try {
      request(IngressMessages.removePlace(index));
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  /** And their place, when we made it and nobody has filters there. Nothing where none are. */
  void remove(List<NetlinkWriter> filters) {
    boolean ours = isPlaceOurs();
    boolean removed = false;
    for (NetlinkWriter filter : filters) {
      // EINVAL says that there is no place for filters.
      removed |= request(filter, Errno.ENOENT, Errno.EINVAL);
    }
    if (removed && ours && present().isEmpty()) {
      request(IngressMessages.removePlace(index));
    }
  }

  private boolean isPlaceOurs() {
    return Lists.any(present(), IngressMessages::isInOurPlace);
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

  private List<NetlinkMessage> present() {
    try {
      List<NetlinkMessage> present = new ArrayList<>();
      for (NetlinkWriter question : IngressMessages.filters(index)) {
        present.addAll(conversation.dump(question));
      }
      return present;
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
