package org.passerelle.natroute.dhcp;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.passerelle.link.list.Lists;
import org.passerelle.link.rtnl.DhcpHost;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** dnsmasq's words: its configuration, a guest's line, its leases. */
final class DnsmasqText {
  /** Where it finds our directory, see the package's description. */
  static final String PLACE = "/mnt";

  /** Every address is in one of the two ranges; all are given out to guests by name only. */
  private static final String CONFIGURATION =
      """
      # Made by network-nat, and made anew at each start of this dnsmasq.
      port=0
      bind-dynamic
      interface=vif*
      %sexcept-interface=lo
      dhcp-authoritative
      no-ping
      dhcp-range=0.0.0.0,static,128.0.0.0,1h
      dhcp-range=128.0.0.0,static,128.0.0.0,1h
      dhcp-option=option:netmask,255.255.0.0
      dhcp-option=28
      %sdhcp-hostsdir=/mnt/hosts
      dhcp-leasefile=/mnt/leases
      pid-file=/mnt/pid
      """;

  private static final Pattern HOST =
      Pattern.compile("([^,]+),tag:([^,]+),([^,]+),([^, ]+) # router (\\S+)\n");

  private static final String VIF = "vif";

  private DnsmasqText() {}

  /**
   * The configuration. Guests have dom0 answer ARP for whoever else is in their /16, as the network
   * is that the originals declare.
   *
   * @param hosts whose vifs it hears, whatever they are called
   */
  static String configuration(List<DhcpHost> hosts, Resolver resolver) {
    List<String> devices =
        Lists.filter(Lists.map(hosts, DhcpHost::device), device -> !device.startsWith(VIF));
    return CONFIGURATION.formatted(
        String.join("", Lists.map(Lists.sorted(devices), device -> "interface=" + device + "\n")),
        option("dns-server", resolver.server()) + option("domain-name", resolver.domain()));
  }

  /**
   * Whether one with this configuration, which is as it would be made now, hears vifs only, of
   * which this is one. Whom else it hears depends on all guests.
   */
  static boolean hearsAsVif(String device, String configuration, Resolver resolver) {
    return device.startsWith(VIF) && configuration.equals(configuration(List.of(), resolver));
  }

  private static String option(String name, Optional<String> value) {
    return value.map(text -> "dhcp-option=option:" + name + "," + text + "\n").orElse("");
  }

  /** A guest's line; its router, which dnsmasq sees on the vif, is there for us. */
  static String of(DhcpHost host) {
    return host.words() + " # router " + host.router().getHostAddress() + "\n";
  }

  /** Reads a guest's line; empty for what {@link #of} does not write. */
  static Optional<DhcpHost> host(String vif, String text) {
    Matcher matcher = HOST.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new DhcpHost(
              vif,
              matcher.group(2),
              MacAddress.parse(matcher.group(1)),
              IpPrefix.address(matcher.group(3)),
              IpPrefix.address(matcher.group(5)),
              matcher.group(4)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether another guest has a lease of this one's address: time, MAC, address, and more. */
  static boolean isTaken(String leases, DhcpHost host) {
    return Lists.any(
        Lists.map(Lists.lines(leases), line -> line.split(" ")),
        words ->
            words.length > 2
                && words[2].equals(host.address().getHostAddress())
                && !words[1].equalsIgnoreCase(host.mac().toString()));
  }
}
