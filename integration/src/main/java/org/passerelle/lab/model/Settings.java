package org.passerelle.lab.model;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.passerelle.link.wire.IpPrefix;

/**
 * What an administrator sets on an interface: addresses, default gateways, static routes.
 *
 * @param leased the first IPv4 address and its gateway are to be learnt by DHCP
 */
public record Settings(
    List<Located<IpPrefix>> addresses,
    List<Located<InetAddress>> gateways,
    List<Located<StaticRoute>> routes,
    boolean leased) {
  public static final Settings NONE = new Settings(List.of(), List.of(), List.of());

  public Settings(
      List<Located<IpPrefix>> addresses,
      List<Located<InetAddress>> gateways,
      List<Located<StaticRoute>> routes) {
    this(addresses, gateways, routes, false);
  }

  /** These, and those. */
  public Settings with(Settings others) {
    return new Settings(
        concat(addresses, others.addresses),
        concat(gateways, others.gateways),
        concat(routes, others.routes),
        leased || others.leased);
  }

  private static <T> List<T> concat(List<T> a, List<T> b) {
    return Stream.concat(a.stream(), b.stream()).toList();
  }

  /** {@code DESTINATION via GATEWAY}. */
  public record StaticRoute(IpPrefix destination, InetAddress gateway) {
    @Override
    public String toString() {
      return destination + " via " + AddressText.of(gateway);
    }
  }
}
