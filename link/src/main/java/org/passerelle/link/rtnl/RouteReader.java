package org.passerelle.link.rtnl;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.netlink.Attribute;
import org.passerelle.link.netlink.Attributes;
import org.passerelle.link.netlink.MalformedMessageException;
import org.passerelle.link.netlink.NetlinkMessage;
import org.passerelle.link.wire.IpPrefix;

/** Reads RTM_NEWROUTE; {@link RouteAttribute} has the layout. */
final class RouteReader {
  private final ByteBuffer struct;
  private final Attributes attributes;
  private final LinkNames names;

  private RouteReader(NetlinkMessage message, LinkNames names) {
    this.struct = message.struct(RouteAttribute.STRUCT);
    this.attributes = message.attributes(RouteAttribute.STRUCT);
    this.names = names;
  }

  static Optional<Route> read(NetlinkMessage message, LinkNames names) {
    RouteReader reader = new RouteReader(message, names);
    return reader.isWanted() ? reader.route() : Optional.empty();
  }

  static Optional<Route> readAny(NetlinkMessage message, LinkNames names) {
    return new RouteReader(message, names).route();
  }

  private boolean isWanted() {
    int type = field(RouteAttribute.TYPE);
    boolean kind = type == Route.TYPE_UNICAST || RouteAttribute.isDeadEnd(type);
    boolean cloned = (struct.getInt(RouteAttribute.FLAGS) & RouteAttribute.CLONED) != 0;
    return Rtm.isIp(field(0)) && kind && !cloned && table() != RouteAttribute.TABLE_LOCAL;
  }

  private Optional<Route> route() {
    Optional<String> device = device();
    Optional<List<Route.Hop>> hops = hops();
    return device.isEmpty() || hops.isEmpty()
        ? Optional.empty()
        : Optional.of(route(device.get(), hops.get()));
  }

  private Route route(String device, List<Route.Hop> hops) {
    return new Route(
        destination(),
        device,
        gateway(attributes),
        IpAddresses.find(attributes, RouteAttribute.PREFSRC),
        table(),
        field(RouteAttribute.PROTOCOL),
        field(RouteAttribute.SCOPE),
        field(RouteAttribute.TYPE),
        attributes.u32(RouteAttribute.PRIORITY, 0) & 0xFFFF_FFFFL,
        struct.getInt(RouteAttribute.FLAGS) & RouteAttribute.SETTABLE_FLAGS,
        expires(),
        hops,
        rest());
  }

  private int field(int offset) {
    return struct.get(offset) & 0xFF;
  }

  private int table() {
    return attributes.u32(RouteAttribute.TABLE, field(RouteAttribute.TABLE_FIELD));
  }

  private IpPrefix destination() {
    InetAddress address =
        IpAddresses.find(attributes, RouteAttribute.DST).orElse(IpAddresses.any(field(0)));
    return IpAddresses.prefix(address, field(RouteAttribute.DST_LENGTH));
  }

  /** The device's name; the empty one when the route has none; nothing when it is gone. */
  private Optional<String> device() {
    int index = attributes.u32(RouteAttribute.OIF, 0);
    return index == 0 || RouteAttribute.isDeadEnd(field(RouteAttribute.TYPE))
        ? Optional.of("")
        : names.name(index);
  }

  private static Optional<InetAddress> gateway(Attributes attributes) {
    Optional<Attribute> via = attributes.find(RouteAttribute.VIA);
    if (via.isEmpty()) {
      return IpAddresses.find(attributes, RouteAttribute.GATEWAY);
    }
    via.get().struct(2);
    byte[] octets = via.get().octets();
    return Optional.of(IpAddresses.of(Arrays.copyOfRange(octets, 2, octets.length)));
  }

  private Optional<Long> expires() {
    Optional<Attribute> info = attributes.find(RouteAttribute.CACHEINFO);
    if (info.isEmpty()) {
      return Optional.empty();
    }
    int fields = RouteAttribute.CACHEINFO_EXPIRES + 4;
    long hundredths = info.get().struct(fields).getInt(RouteAttribute.CACHEINFO_EXPIRES);
    return hundredths <= 0 ? Optional.empty() : Optional.of((hundredths + 99) / 100);
  }

  private Optional<List<Route.Hop>> hops() {
    Optional<Attribute> multipath = attributes.find(RouteAttribute.MULTIPATH);
    if (multipath.isEmpty()) {
      return Optional.of(List.of());
    }
    List<Route.Hop> hops = new ArrayList<>();
    ByteBuffer row = multipath.get().struct(0);
    while (row.remaining() >= RouteAttribute.HOP_STRUCT) {
      Optional<Route.Hop> hop = hop(nextHop(row));
      if (hop.isEmpty()) {
        return Optional.empty();
      }
      hops.add(hop.get());
    }
    return Optional.of(List.copyOf(hops));
  }

  private static ByteBuffer nextHop(ByteBuffer row) {
    int start = row.position();
    int length = row.getShort(start) & 0xFFFF;
    if (length < RouteAttribute.HOP_STRUCT || length > row.remaining()) {
      throw new MalformedMessageException("a next hop says it has " + length + " octets");
    }
    row.position(Math.min(row.limit(), start + length + 3 & ~3));
    return row.slice(start, length).order(ByteOrder.nativeOrder());
  }

  private Optional<Route.Hop> hop(ByteBuffer hop) {
    int from = RouteAttribute.HOP_STRUCT;
    Attributes own = Attributes.parse(hop.slice(from, hop.limit() - from));
    int flags = hop.get(RouteAttribute.HOP_FLAGS) & RouteAttribute.SETTABLE_FLAGS;
    int weight = (hop.get(RouteAttribute.HOP_WEIGHT) & 0xFF) + 1;
    return names
        .name(hop.getInt(RouteAttribute.HOP_INDEX))
        .map(device -> new Route.Hop(device, gateway(own), weight, flags));
  }

  private List<RawAttribute> rest() {
    List<RawAttribute> rest = new ArrayList<>();
    int source = field(RouteAttribute.SRC_LENGTH);
    int tos = field(RouteAttribute.TOS);
    if (source != 0 || tos != 0) {
      byte[] selectors = {(byte) source, (byte) tos};
      rest.add(new RawAttribute(RouteAttribute.HEADER_REST, selectors));
    }
    for (Attribute attribute : attributes) {
      if (!isDecoded(attribute.type())) {
        rest.add(new RawAttribute(attribute.type(), attribute.octets()));
      }
    }
    return List.copyOf(rest);
  }

  /**
   * What has a field in {@link Route}. A next-hop object's number (RTA_NH_ID) is left out too: the
   * kernel reports the gateway and device behind it as well, and refuses to take both.
   */
  private static boolean isDecoded(int type) {
    return switch (type) {
      case RouteAttribute.DST,
          RouteAttribute.OIF,
          RouteAttribute.GATEWAY,
          RouteAttribute.PRIORITY,
          RouteAttribute.PREFSRC,
          RouteAttribute.MULTIPATH,
          RouteAttribute.CACHEINFO,
          RouteAttribute.TABLE,
          RouteAttribute.VIA,
          RouteAttribute.EXPIRES,
          RouteAttribute.NH_ID ->
          true;
      default -> false;
    };
  }
}
