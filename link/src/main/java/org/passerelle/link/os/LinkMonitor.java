package org.passerelle.link.os;

import org.passerelle.link.netlink.NetlinkException;
import org.passerelle.link.netlink.NetlinkMessage;
import org.passerelle.link.rtnl.LinkNews;

/**
 * Hears of the links of a namespace as they come, change and go (rtnetlink(7), RTMGRP_LINK). Owned
 * by one thread.
 */
public final class LinkMonitor implements AutoCloseable {
  private static final int RTMGRP_LINK = 1;

  private final NetlinkSocket socket;

  private LinkMonitor(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Is told what it hears. */
  public interface Listener {
    void heard(LinkNews news);

    /** Some news were lost: look at all links. */
    void missedSome();
  }

  /** Listens from now on, in the calling thread's namespace. */
  public static LinkMonitor open() {
    return new LinkMonitor(NetlinkSocket.subscribe(NetlinkSocket.ROUTE, RTMGRP_LINK));
  }

  /** Polls readable when there is news. */
  public int descriptor() {
    return socket.descriptor();
  }

  /** Tells all news that there is; never waits. */
  public void read(Listener listener) {
    while (true) {
      try {
        for (NetlinkMessage message : NetlinkMessage.parseAll(socket.receiveNow())) {
          LinkNews.parse(message).ifPresent(listener::heard);
        }
      } catch (NetlinkException e) {
        if (e.errno() == Errno.EAGAIN) {
          return;
        }
        lost(e, listener);
      }
    }
  }

  private static void lost(NetlinkException e, Listener listener) {
    if (e.errno() != Errno.ENOBUFS) {
      throw Libc.failure("listen for changes of links", e.errno(), e.text());
    }
    listener.missedSome();
  }

  @Override
  public void close() {
    socket.close();
  }
}
