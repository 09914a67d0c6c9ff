package org.passerelle.natroute.dhcp;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.passerelle.link.rtnl.DhcpHost;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/**
 * Our lines in dhcpd.conf(5), each with our mark at its end, by which alone it is taken out again;
 * and the devices in the file that says where dhcpd is to hear.
 */
final class IscText {
  private static final String MARK = " # passerelle ";

  /** No name of a domain: two hosts of one name would keep dhcpd from starting. */
  private static final Pattern HOST =
      Pattern.compile(
          "host passerelle-(\\S+) \\{ hardware ethernet (\\S+); fixed-address (\\S+);"
              + " option routers (\\S+); option host-name \"(\\S+)\"; } # passerelle (\\S+)");

  /** One that is declared, not one in a comment. */
  private static final Pattern SUBNET =
      Pattern.compile("(?m)^[^#\n]*\\bsubnet\\s+10\\.0\\.0\\.0\\s");

  /** {@code INTERFACES="eth1 eth2"}, with or without quotes; none at all means each of them. */
  private static final Pattern DEVICES =
      Pattern.compile(
          "(?m)^((?:DHCPDARGS|DHCPD_INTERFACE|INTERFACES|INTERFACESv4)=)(\"?)([^\"\n]+)\\2[ \t]*$");

  private IscText() {}

  static List<DhcpHost> hosts(String text) {
    return text.lines().flatMap(line -> host(line).stream()).toList();
  }

  private static Optional<DhcpHost> host(String line) {
    Matcher matcher = HOST.matcher(line);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new DhcpHost(
              matcher.group(1),
              matcher.group(6),
              MacAddress.parse(matcher.group(2)),
              IpPrefix.address(matcher.group(3)),
              IpPrefix.address(matcher.group(4)),
              matcher.group(5)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String line(DhcpHost host) {
    return "host passerelle-"
        + host.vif()
        + " { hardware ethernet "
        + host.mac()
        + "; fixed-address "
        + host.address().getHostAddress()
        + "; option routers "
        + host.router().getHostAddress()
        + "; option host-name \""
        + host.name()
        + "\"; }"
        + MARK
        + host.device();
  }

  static String with(String text, DhcpHost host) {
    return append(text, line(host));
  }

  static String without(String text, DhcpHost host) {
    return remove(text, line(host));
  }

  /** The network that the computed addresses are of, unless one is declared. */
  static String withSubnet(String text, Resolver resolver) {
    return SUBNET.matcher(text).find() ? text : append(text, subnet(resolver));
  }

  private static String subnet(Resolver resolver) {
    return "subnet 10.0.0.0 netmask 255.255.0.0 {"
        + resolver.domain().map(name -> " option domain-name \"" + name + "\";").orElse("")
        + resolver.server().map(one -> " option domain-name-servers " + one + ";").orElse("")
        + " }"
        + MARK
        + "network-nat";
  }

  static String withoutSubnet(String text) {
    return text.lines()
        .filter(line -> line.startsWith("subnet ") && line.endsWith(MARK + "network-nat"))
        .reduce(text, IscText::remove, (one, _) -> one);
  }

  /** A text that does not end with a line's end does not then either. */
  private static String append(String text, String line) {
    return text.isEmpty() || text.endsWith("\n") ? text + line + "\n" : text + "\n" + line;
  }

  private static String remove(String text, String line) {
    String whole = "\n" + text;
    String without = whole.replace("\n" + line + "\n", "\n");
    String end = "\n" + line;
    return (without.endsWith(end) ? without.substring(0, without.length() - end.length()) : without)
        .substring(1);
  }

  static String withDevice(String text, String device) {
    return devices(text, words -> Stream.concat(others(words, device), Stream.of(device)).toList());
  }

  static String withoutDevice(String text, String device) {
    return devices(text, words -> others(words, device).toList());
  }

  private static Stream<String> others(List<String> words, String device) {
    return words.stream().filter(word -> !word.equals(device));
  }

  private static String devices(String text, UnaryOperator<List<String>> change) {
    return DEVICES
        .matcher(text)
        .replaceAll(
            match -> {
              List<String> before = List.of(match.group(3).strip().split("\\s+"));
              List<String> after = change.apply(before);
              return Matcher.quoteReplacement(
                  after.equals(before)
                      ? match.group()
                      : match.group(1) + "\"" + String.join(" ", after) + "\"");
            });
  }
}
