package org.passerelle.link.rtnl;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.passerelle.link.list.Lists;
import org.passerelle.link.netlink.NetlinkFlags;
import org.passerelle.link.netlink.NetlinkMessage;
import org.passerelle.link.netlink.NetlinkWriter;
import org.passerelle.link.wire.IpPrefix;

/** Routes to and from rtnetlink's messages; {@link RouteAttribute} has the layout. */
public final class RouteMessages {
  private RouteMessages() {}

  /**
   * Asks for the routes of both families and all tables.
   *
   * @param link the number of the device that they use; 0 for all
   */
  public static NetlinkWriter dump(int link) {
    int flags = NetlinkFlags.REQUEST | NetlinkFlags.DUMP;
    NetlinkWriter writer =
        NetlinkWriter.message(Rtm.GETROUTE, flags).octets(new byte[RouteAttribute.STRUCT]);
    return link == 0 ? writer : writer.attribute32(RouteAttribute.OIF, link);
  }

  /** Asks for all routes of the families that these addresses are of. */
  public static List<NetlinkWriter> dumpFamiliesOf(Set<InetAddress> addresses) {
    return Lists.map(Lists.distinct(Lists.map(addresses, IpAddresses::isV6)), RouteMessages::dump);
  }

  private static NetlinkWriter dump(boolean v6) {
    return NetlinkWriter.message(Rtm.GETROUTE, NetlinkFlags.REQUEST | NetlinkFlags.DUMP)
        .u8(Rtm.family(v6))
        .octets(new byte[RouteAttribute.STRUCT - 1]);
  }

  /** Asks for the one that leads to an address. */
  public static NetlinkWriter get(InetAddress destination) {
    return NetlinkWriter.message(Rtm.GETROUTE, NetlinkFlags.REQUEST)
        .u8(Rtm.family(IpAddresses.isV6(destination)))
        .u8(IpPrefix.single(destination).length())
        .octets(new byte[RouteAttribute.FLAGS - RouteAttribute.SRC_LENGTH])
        .u32(RouteAttribute.FIB_MATCH)
        .attribute(RouteAttribute.DST, destination.getAddress());
  }

  /** Adds a route that must not exist yet. */
  public static NetlinkWriter add(Route route, LinkNames names) {
    int flags = NetlinkFlags.ACK | NetlinkFlags.EXCLUSIVE | NetlinkFlags.CREATE;
    return route(Rtm.NEWROUTE, flags, route, names);
  }

  /** Adds a route beside those of its destination and metric. */
  public static NetlinkWriter append(Route route, LinkNames names) {
    int flags = NetlinkFlags.ACK | NetlinkFlags.APPEND | NetlinkFlags.CREATE;
    return route(Rtm.NEWROUTE, flags, route, names);
  }

  /** Puts a route in the place of the one of its destination, table and metric. */
  public static NetlinkWriter replace(Route route, LinkNames names) {
    return route(Rtm.NEWROUTE, NetlinkFlags.ACK | NetlinkFlags.REPLACE, route, names);
  }

  /** Removes the route that is like this in everything. */
  public static NetlinkWriter remove(Route route, LinkNames names) {
    return route(Rtm.DELROUTE, NetlinkFlags.ACK, route, names);
  }

  private static NetlinkWriter route(int type, int flags, Route route, LinkNames names) {
    NetlinkWriter writer = header(type, flags, route);
    if (route.destination().length() > 0) {
      writer.attribute(RouteAttribute.DST, route.destination().address().getAddress());
    }
    route.gateway().ifPresent(gateway -> gateway(writer, gateway, route.isV6()));
    if (type == Rtm.NEWROUTE) {
      route
          .expiresSeconds()
          .ifPresent(s -> writer.attribute32(RouteAttribute.EXPIRES, (int) (long) s));
    }
    if (route.metric() != 0) {
      writer.attribute32(RouteAttribute.PRIORITY, (int) route.metric());
    }
    route.source().ifPresent(own -> writer.attribute(RouteAttribute.PREFSRC, own.getAddress()));
    if (route.table() > 255) {
      writer.attribute32(RouteAttribute.TABLE, route.table());
    }
    if (!route.device().isEmpty()) {
      writer.attribute32(RouteAttribute.OIF, names.index(route.device()));
    }
    rest(writer, route);
    hops(writer, route, names);
    return writer;
  }

  private static NetlinkWriter header(int type, int flags, Route route) {
    byte[] selectors = selectors(route);
    return NetlinkWriter.message(type, NetlinkFlags.REQUEST | flags)
        .u8(Rtm.family(route.isV6()))
        .u8(route.destination().length())
        .u8(selectors[0])
        .u8(selectors[1])
        .u8(route.table() > 255 ? 0 : route.table())
        .u8(route.protocol())
        .u8(route.scope())
        .u8(route.type())
        .u32(route.flags());
  }

  private static byte[] selectors(Route route) {
    for (RawAttribute attribute : route.rest()) {
      if (attribute.type() == RouteAttribute.HEADER_REST) {
        return attribute.value();
      }
    }
    return new byte[2];
  }

  private static void rest(NetlinkWriter writer, Route route) {
    for (RawAttribute attribute : route.rest()) {
      if (attribute.type() != RouteAttribute.HEADER_REST) {
        writer.attribute(attribute.type(), attribute.value());
      }
    }
  }

  /** An IPv4 route by way of an IPv6 neighbour has RTA_VIA: family, then address. */
  private static void gateway(NetlinkWriter writer, InetAddress gateway, boolean v6) {
    if (IpAddresses.isV6(gateway) == v6) {
      writer.attribute(RouteAttribute.GATEWAY, gateway.getAddress());
      return;
    }
    int via = writer.begin(RouteAttribute.VIA);
    writer.u16(Rtm.family(IpAddresses.isV6(gateway))).octets(gateway.getAddress()).end(via);
  }

  private static void hops(NetlinkWriter writer, Route route, LinkNames names) {
    if (route.hops().isEmpty()) {
      return;
    }
    int row = writer.begin(RouteAttribute.MULTIPATH);
    for (Route.Hop hop : route.hops()) {
      int start = writer.beginStruct();
      writer.u8(hop.flags()).u8(hop.weight() - 1).u32(names.index(hop.device()));
      hop.gateway().ifPresent(gateway -> gateway(writer, gateway, route.isV6()));
      writer.end(start);
    }
    writer.end(row);
  }

  /**
   * Reads an RTM_NEWROUTE; empty for what {@link Kernel#routes} leaves out, and when a device of it
   * is gone.
   */
  public static Optional<Route> parse(NetlinkMessage message, LinkNames names) {
    return RouteReader.read(message, names);
  }

  /** Whether an RTM_NEWROUTE prefers one of these sources; nothing else of it is read. */
  public static boolean prefers(NetlinkMessage message, Set<InetAddress> sources) {
    return IpAddresses.find(message.attributes(RouteAttribute.STRUCT), RouteAttribute.PREFSRC)
        .filter(sources::contains)
        .isPresent();
  }

  /** Reads the answer to {@link #get}, whatever type and table it is of. */
  public static Optional<Route> parseAny(NetlinkMessage message, LinkNames names) {
    return RouteReader.readAny(message, names);
  }
}
