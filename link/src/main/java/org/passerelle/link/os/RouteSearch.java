package org.passerelle.link.os;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import org.passerelle.link.netlink.NetlinkConversation;
import org.passerelle.link.netlink.NetlinkException;
import org.passerelle.link.rtnl.LinkNames;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.rtnl.RouteMessages;

/** Asks for the route to an address; a dead end is answered by an error as what is not there is. */
final class RouteSearch {
  /** No route, IPv4's and IPv6's; or one of the type unreachable, prohibit, blackhole. */
  private static final Set<Integer> NO_WAY =
      Set.of(Errno.ENETUNREACH, Errno.EHOSTUNREACH, Errno.EACCES, Errno.EINVAL);

  private RouteSearch() {}

  static Optional<Route> find(
      NetlinkConversation conversation, InetAddress destination, LinkNames names) {
    try {
      return RouteMessages.parseAny(conversation.get(RouteMessages.get(destination)), names);
    } catch (NetlinkException e) {
      if (NO_WAY.contains(e.errno())) {
        return Optional.empty();
      }
      throw Libc.failure("find the route to " + destination.getHostAddress(), e.errno(), e.text());
    }
  }
}
