package org.passerelle.link.rtnl;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.list.Lists;
import org.passerelle.link.wire.IpPrefix;

/**
 * A route.
 *
 * @param destination {@code 0.0.0.0/0} or {@code ::/0} for the default route
 * @param device the way out; empty for a blackhole, or when {@code hops} says
 * @param source the preferred source address
 * @param table 254 is main
 * @param protocol RTPROT_*: 2 kernel, 3 boot, 4 static, 9 ra
 * @param scope RT_SCOPE_*: 0 universe, 253 link
 * @param type RTN_*: 1 unicast, 2 local, 3 broadcast, 5 multicast, 6 blackhole, 7 unreachable, 8
 *     prohibit
 * @param metric priority, unsigned
 * @param flags RTNH_F_* that a user sets: 4 onlink
 * @param expiresSeconds lifetime left of an IPv6 route; empty for ever
 * @param rest attributes that we carry along undecoded when a route moves (RTA_METRICS, RTA_PREF,
 *     RTA_ENCAP …)
 */
public record Route(
    IpPrefix destination,
    String device,
    Optional<InetAddress> gateway,
    Optional<InetAddress> source,
    int table,
    int protocol,
    int scope,
    int type,
    long metric,
    int flags,
    Optional<Long> expiresSeconds,
    List<Hop> hops,
    List<RawAttribute> rest) {
  public static final int TABLE_MAIN = 254;
  public static final int PROTOCOL_KERNEL = 2;
  public static final int PROTOCOL_BOOT = 3;
  public static final int PROTOCOL_STATIC = 4;
  public static final int SCOPE_UNIVERSE = 0;
  public static final int SCOPE_LINK = 253;
  public static final int SCOPE_HOST = 254;
  public static final int TYPE_UNICAST = 1;

  /** To an address of the host's own; such routes are the kernel's, in the table {@code local}. */
  public static final int TYPE_LOCAL = 2;

  /** One way of a multipath route. */
  public record Hop(String device, Optional<InetAddress> gateway, int weight, int flags) {
    Hop onDevice(String other) {
      return new Hop(other, gateway, weight, flags);
    }
  }

  /**
   * A unicast route of the main table, as {@code ip route add DESTINATION via GATEWAY dev DEVICE}.
   */
  public static Route via(IpPrefix destination, InetAddress gateway, String device) {
    return new Route(
        destination,
        device,
        Optional.of(gateway),
        Optional.empty(),
        TABLE_MAIN,
        PROTOCOL_BOOT,
        SCOPE_UNIVERSE,
        TYPE_UNICAST,
        0,
        0,
        Optional.empty(),
        List.of(),
        List.of());
  }

  /** A route of the main table to what is on the link. */
  public static Route onLink(
      IpPrefix destination, String device, Optional<InetAddress> source, long metric) {
    return new Route(
        destination,
        device,
        Optional.empty(),
        source,
        TABLE_MAIN,
        PROTOCOL_BOOT,
        destination.isV6() ? SCOPE_UNIVERSE : SCOPE_LINK,
        TYPE_UNICAST,
        metric,
        0,
        Optional.empty(),
        List.of(),
        List.of());
  }

  public boolean isV6() {
    return destination.isV6();
  }

  /** True when the route leaves by {@code device}, alone or as one of several ways. */
  public boolean uses(String name) {
    return device.equals(name) || Lists.any(hops, hop -> hop.device().equals(name));
  }

  /** The same route with {@code to} wherever it leaves by {@code from}. */
  public Route onDevice(String from, String to) {
    List<Hop> moved = Lists.map(hops, hop -> hop.device().equals(from) ? hop.onDevice(to) : hop);
    return new Route(
        destination,
        device.equals(from) ? to : device,
        gateway,
        source,
        table,
        protocol,
        scope,
        type,
        metric,
        flags,
        expiresSeconds,
        moved,
        rest);
  }

  /** The same route with another lifetime; empty for ever. */
  public Route expiringIn(Optional<Long> seconds) {
    return new Route(
        destination,
        device,
        gateway,
        source,
        table,
        protocol,
        scope,
        type,
        metric,
        flags,
        seconds,
        hops,
        rest);
  }
}
