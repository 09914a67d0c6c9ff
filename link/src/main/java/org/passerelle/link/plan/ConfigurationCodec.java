package org.passerelle.link.plan;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.list.Lists;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Neighbour;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** Addresses and routes as fields of a journal's line, and back. */
final class ConfigurationCodec {
  private ConfigurationCodec() {}

  static String put(Fields fields, Address address) {
    return fields
        .put("device", address.device())
        .put("local", text(address.local()))
        .put("peer", address.peer().map(ConfigurationCodec::text))
        .put("broadcast", address.broadcast().map(ConfigurationCodec::text))
        .put("label", address.label())
        .put("scope", address.scope())
        .put("flags", address.flags())
        .put("valid", address.validSeconds())
        .put("preferred", address.preferredSeconds())
        .put("metric", address.metric())
        .toString();
  }

  static Address address(Fields fields) {
    return new Address(
        fields.take("device"),
        fields.parse("local", IpPrefix::parse),
        fields.takeIfAny("peer").map(IpPrefix::address),
        fields.takeIfAny("broadcast").map(IpPrefix::address),
        fields.take("label"),
        fields.number("scope"),
        fields.number("flags"),
        fields.large("valid"),
        fields.large("preferred"),
        fields.large("metric"));
  }

  static String put(Fields fields, Route route) {
    return fields
        .put("to", text(route.destination()))
        .put("device", route.device())
        .put("via", route.gateway().map(ConfigurationCodec::text))
        .put("source", route.source().map(ConfigurationCodec::text))
        .put("table", route.table())
        .put("protocol", route.protocol())
        .put("scope", route.scope())
        .put("type", route.type())
        .put("metric", route.metric())
        .put("flags", route.flags())
        .put("expires", route.expiresSeconds())
        .put("hops", String.join(",", Lists.map(route.hops(), ConfigurationCodec::hop)))
        .put("rest", OperationCodec.attributes(route.rest()))
        .toString();
  }

  static Route route(Fields fields) {
    return new Route(
        fields.parse("to", IpPrefix::parse),
        fields.take("device"),
        fields.takeIfAny("via").map(IpPrefix::address),
        fields.takeIfAny("source").map(IpPrefix::address),
        fields.number("table"),
        fields.number("protocol"),
        fields.number("scope"),
        fields.number("type"),
        fields.large("metric"),
        fields.number("flags"),
        fields.takeIfAny("expires").map(Long::valueOf),
        hops(fields.take("hops")),
        OperationCodec.attributes(fields.take("rest")));
  }

  static String put(Fields fields, Neighbour neighbour) {
    return fields
        .put("device", neighbour.device())
        .put("address", text(neighbour.address()))
        .put("mac", neighbour.mac())
        .put("state", neighbour.state())
        .put("flags", neighbour.flags())
        .toString();
  }

  static Neighbour neighbour(Fields fields) {
    return new Neighbour(
        fields.take("device"),
        fields.parse("address", IpPrefix::address),
        fields.takeIfAny("mac").map(MacAddress::parse),
        fields.number("state"),
        fields.number("flags"));
  }

  /**
   * {@code GATEWAY|WEIGHT|FLAGS|DEVICE}, with commas between. A device name may hold a comma (the
   * kernel forbids slashes, colons and blanks only), which is written as a slash.
   */
  private static String hop(Route.Hop hop) {
    String gateway = hop.gateway().map(ConfigurationCodec::text).orElse("");
    return gateway + "|" + hop.weight() + "|" + hop.flags() + "|" + hop.device().replace(',', '/');
  }

  private static List<Route.Hop> hops(String text) {
    return text.isEmpty()
        ? List.of()
        : Lists.map(List.of(text.split(",", -1)), ConfigurationCodec::readHop);
  }

  private static Route.Hop readHop(String text) {
    String[] parts = text.split("\\|", 4);
    if (parts.length != 4) {
      throw new IllegalArgumentException("not a way of a route: " + text);
    }
    return new Route.Hop(
        parts[3].replace('/', ','),
        parts[0].isEmpty() ? Optional.empty() : Optional.of(IpPrefix.address(parts[0])),
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]));
  }

  private static String text(IpPrefix prefix) {
    return text(prefix.address()) + "/" + prefix.length();
  }

  /** Without a zone: link-local addresses have their device beside them. */
  private static String text(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }
}
