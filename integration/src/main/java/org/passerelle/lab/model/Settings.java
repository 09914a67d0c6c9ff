package org.passerelle.lab.model;

import java.net.InetAddress;
import java.util.List;
import org.passerelle.link.wire.IpPrefix;

/** What an administrator sets on an interface: addresses, default gateways, static routes. */
public record Settings(
    List<Located<IpPrefix>> addresses,
    List<Located<InetAddress>> gateways,
    List<Located<StaticRoute>> routes) {
  public static final Settings NONE = new Settings(List.of(), List.of(), List.of());

  /** {@code DESTINATION via GATEWAY}. */
  public record StaticRoute(IpPrefix destination, InetAddress gateway) {
    @Override
    public String toString() {
      return destination + " via " + AddressText.of(gateway);
    }
  }
}
