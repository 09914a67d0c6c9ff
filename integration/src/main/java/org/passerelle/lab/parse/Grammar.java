package org.passerelle.lab.parse;

import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.passerelle.lab.model.Endpoint;
import org.passerelle.lab.model.Point;
import org.passerelle.lab.model.Settings;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/**
 * The small languages inside scalars. Each reader throws IllegalArgumentException with a reason.
 */
final class Grammar {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,31}");
  private static final Pattern ROUTE = Pattern.compile("(\\S+)\\s+via\\s+(\\S+)");
  private static final Pattern RING = Pattern.compile("vif(\\d{1,2})");
  private static final Pattern BITS = Pattern.compile("(\\d{1,9})([GMK]?)b/s");

  private Grammar() {}

  /** The value first, unless the message begins with it or holds it already. */
  static String naming(String value, String message) {
    return message.contains(value) && !value.isEmpty() ? message : "`" + value + "`: " + message;
  }

  static boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      case "yes", "on" -> throw new IllegalArgumentException("neither true nor false; write true");
      case "no", "off" -> throw new IllegalArgumentException("neither true nor false; write false");
      default -> throw new IllegalArgumentException("neither true nor false");
    };
  }

  static String name(String text) {
    if (!NAME.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "not a name; a letter, then letters, digits, - and _, 32 at most");
    }
    return text;
  }

  /** A device name as the kernel takes it (dev_valid_name in Linux's net/core/dev.c). */
  static String device(String text) {
    boolean bad =
        text.isEmpty()
            || text.length() > 15
            || text.equals(".")
            || text.equals("..")
            || text.chars().anyMatch(c -> c <= ' ' || c == '/' || c == ':' || c > '~');
    if (bad) {
      throw new IllegalArgumentException(
          "not a device name; 1 to 15 characters without blanks, / and :");
    }
    return text;
  }

  static MacAddress mac(String text) {
    MacAddress mac = MacAddress.parse(text);
    if (mac.isMulticast()) {
      throw new IllegalArgumentException(
          text + " is a multicast address; the first octet of a device's must be even");
    }
    if (mac.equals(MacAddress.ZERO)) {
      throw new IllegalArgumentException(text + " is no device's address; try 00:16:3e:00:00:01");
    }
    return mac;
  }

  /** An address of an interface, whose network length must be given. */
  static IpPrefix interfaceAddress(String text) {
    if (text.indexOf('/') < 0) {
      throw new IllegalArgumentException(
          text + " lacks its prefix length; write " + text + (text.contains(":") ? "/64" : "/24"));
    }
    IpPrefix prefix = IpPrefix.parse(text);
    if (prefix.address().isMulticastAddress() || prefix.address().isAnyLocalAddress()) {
      throw new IllegalArgumentException(text + " is not an address that an interface can have");
    }
    return prefix;
  }

  static InetAddress address(String text) {
    return IpPrefix.address(text);
  }

  static Settings.StaticRoute route(String text) {
    Matcher matcher = ROUTE.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a route; write 172.16.0.0/16 via 192.0.2.9");
    }
    IpPrefix destination = IpPrefix.parse(matcher.group(1));
    InetAddress gateway = IpPrefix.address(matcher.group(2));
    if (destination.isV6() != (gateway.getAddress().length == 16)) {
      throw new IllegalArgumentException("destination and gateway are of two families");
    }
    requireNetwork(destination);
    return new Settings.StaticRoute(destination, gateway);
  }

  private static void requireNetwork(IpPrefix destination) {
    byte[] octets = destination.address().getAddress();
    for (int bit = destination.length(); bit < octets.length * 8; bit++) {
      if ((octets[bit >> 3] & 0x80 >> (bit & 7)) != 0) {
        throw new IllegalArgumentException(
            destination + " has bits set beyond its prefix length; a route needs its network");
      }
    }
  }

  static Endpoint endpoint(String text) {
    if (text.contains(":") || text.matches("[0-9.]+")) {
      return new Endpoint.Numeric(IpPrefix.address(text));
    }
    int slash = text.indexOf('/');
    if (slash < 0) {
      return new Endpoint.Named(name(text), java.util.Optional.empty());
    }
    return new Endpoint.Named(
        name(text.substring(0, slash)), java.util.Optional.of(device(text.substring(slash + 1))));
  }

  /** {@code wire}, {@code web/eth0}, {@code dom0/xenbr0}, {@code web/vif0}. */
  static Point point(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return new Point.Wire(device(text));
    }
    String station = name(text.substring(0, slash));
    String device = device(text.substring(slash + 1));
    Matcher ring = RING.matcher(device);
    return ring.matches()
        ? new Point.Ring(station, Integer.parseInt(ring.group(1)))
        : new Point.Device(station, device);
  }

  static int port(String text) {
    return number(text, 1, 65535, "a TCP port");
  }

  static int number(String text, int least, int most, String what) {
    int value = text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
    if (value < least || value > most) {
      throw new IllegalArgumentException("not " + what + "; " + least + ".." + most);
    }
    return value;
  }

  /** Bits a second: {@code 40Mb/s}. */
  static long bitRate(String text) {
    Matcher matcher = BITS.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a bit rate; write 40Mb/s");
    }
    long unit =
        switch (matcher.group(2)) {
          case "K" -> 1000L;
          case "M" -> 1_000_000L;
          case "G" -> 1_000_000_000L;
          default -> 1L;
        };
    return Long.parseLong(matcher.group(1)) * unit;
  }
}
