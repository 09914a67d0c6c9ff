package org.passerelle.scripts;

import static org.passerelle.scripts.RawFrames.ethernet;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.passerelle.link.wire.EtherType;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.IpProtocol;
import org.passerelle.link.wire.MacAddress;

/** What a guest may try, and, for comparison, what it may do. */
enum Attack {
  SPOOFED_MAC("a MAC of its own making"),
  ARP_REPLY("an ARP reply for another's address"),
  GRATUITOUS_ARP("a gratuitous ARP for another's address"),
  ARP_SENDER("an ARP reply with another's MAC in it"),
  ARP_PROBE("a claim to another's address by an ARP probe"),
  IPV4("another's IPv4 address"),
  IPV6("another's IPv6 address"),
  ADVERTISEMENT("a neighbour advertisement for another's address"),
  DUPLICATE("a claim to another's IPv6 address by duplicate detection"),
  ROUTER("a router advertisement"),
  REDIRECT("an ICMPv6 redirect"),
  ROUTER4("an ICMP router advertisement"),
  REDIRECT4("an ICMP redirect"),
  HIDDEN_ROUTER("a router advertisement behind options, in its first fragment"),
  HIDDEN_ROUTER_FILLED("a router advertisement behind options, and an echo's type in the filling"),
  NESTED_ROUTER("a router advertisement in fragments of a fragment"),
  OFFER("a DHCP offer"),
  OFFER_FROM_ANY_PORT("a DHCP offer from another port"),
  OFFER_IN_FRAGMENTS("a DHCP offer in fragments"),
  DHCPV6("a DHCPv6 server's answer"),
  DHCPV6_FROM_ANY_PORT("a DHCPv6 server's answer from another port"),
  RELAY("a DHCP server's word to another port"),
  TAGGED("a frame of VLAN 100 from an access port"),
  SERVICE_TAGGED("a frame with a service tag"),
  PRIORITY_TAGGED("another's IPv4 address behind a priority tag"),
  FRAGMENTS4("another's IPv4 address in fragments"),
  FRAGMENTS6("another's IPv6 address in fragments"),
  SPANNING_TREE("a frame of none of the three protocols"),
  LINK_UP("another's IPv4 address in the moment of the going up"),

  OWN_IPV4("its own IPv4 address"),
  OWN_IPV6("its own IPv6 address"),
  OWN_ARP("an ARP reply for its own address"),
  OWN_ADVERTISEMENT("a neighbour advertisement for its own address"),
  OWN_DUPLICATE("duplicate detection of its own address"),
  OWN_FRAGMENTS("its own IPv4 address in fragments"),
  OWN_FRAGMENTS_LIKE_DHCP("its own IPv4 address, a later fragment like a DHCP offer"),
  OWN_FRAGMENTS6("its own IPv6 address in fragments"),
  LEASE("a request for a lease");

  private static final String NO_ARP = "a router carries no ARP on";
  private static final String LINK_ONLY = "a router carries nothing on that is for the link";
  private static final String NO_VLAN = "no VLAN is on a routed vif, so nothing takes the tag off";
  private static final String NOT_IP = "a router carries IP only";
  private static final MacAddress ELSEWHERE = MacAddress.parse("00:16:3e:00:00:99");
  private static final InetAddress UNSPECIFIED = IpPrefix.address("::");
  private static final InetAddress ALL_NODES = IpPrefix.address("ff02::1");
  private static final int MORE = 0x2000;
  private static final int SPANNING_TREE_LENGTH = 38;

  private final String description;

  Attack(String description) {
    this.description = description;
  }

  boolean isAllowed() {
    return ordinal() >= OWN_IPV4.ordinal();
  }

  /** Whether only its addresses are wrong. */
  boolean isOfAddresses() {
    return switch (this) {
      case ARP_REPLY,
          GRATUITOUS_ARP,
          ARP_PROBE,
          IPV4,
          IPV6,
          ADVERTISEMENT,
          DUPLICATE,
          FRAGMENTS4,
          FRAGMENTS6,
          LINK_UP ->
          true;
      default -> false;
    };
  }

  String description() {
    return description;
  }

  /** Why nothing can come of it where dom0 routes; empty when something can. */
  String inapplicable(boolean bridged) {
    if (bridged) {
      return "";
    }
    return switch (this) {
      case ARP_REPLY, GRATUITOUS_ARP, ARP_SENDER, ARP_PROBE, OWN_ARP -> NO_ARP;
      case ADVERTISEMENT,
          DUPLICATE,
          ROUTER,
          REDIRECT,
          HIDDEN_ROUTER,
          HIDDEN_ROUTER_FILLED,
          NESTED_ROUTER,
          OWN_ADVERTISEMENT,
          OWN_DUPLICATE,
          LEASE ->
          LINK_ONLY;
      case TAGGED, SERVICE_TAGGED -> NO_VLAN;
      case SPANNING_TREE -> NOT_IP;
      default -> "";
    };
  }

  /**
   * Whom a guest's frames are from and to.
   *
   * @param gateway whom frames are for: everybody on a bridge, the vif where dom0 routes
   * @param to an address of each family
   */
  record Way(
      MacAddress gateway,
      MacAddress mac,
      InetAddress own4,
      InetAddress own6,
      InetAddress other4,
      InetAddress other6,
      InetAddress to4,
      InetAddress to6) {

    InetAddress linkLocal() {
      byte[] hw = mac.octets();
      byte[] address = IpPrefix.address("fe80::ff:fe00:0").getAddress();
      System.arraycopy(hw, 0, address, 8, 3);
      System.arraycopy(hw, 3, address, 13, 3);
      address[8] ^= 2;
      return IpPrefix.address(address);
    }

    byte[] from(MacAddress sender, int type, byte[] payload) {
      return ethernet(gateway, sender, type, payload);
    }

    byte[] arp(int operation, MacAddress hw, InetAddress ip, InetAddress of, String token) {
      return from(mac, EtherType.ARP, RawFrames.arp(operation, hw, ip, of, token));
    }

    byte[] udp4(MacAddress sender, InetAddress source, int port, int target, String token) {
      byte[] datagram = RawFrames.udp(source, to4, port, target, token);
      return from(sender, EtherType.IPV4, RawFrames.ipv4(source, to4, IpProtocol.UDP, 0, datagram));
    }

    byte[] udp6(InetAddress source, int port, int target, String token) {
      byte[] datagram = RawFrames.udp(source, to6, port, target, token);
      return from(mac, EtherType.IPV6, RawFrames.ipv6(source, to6, IpProtocol.UDP, 64, datagram));
    }

    byte[] icmp4(int type, String token) {
      byte[] message = RawFrames.icmp4(type, RawFrames.octets(token));
      return from(mac, EtherType.IPV4, RawFrames.ipv4(own4, to4, IpProtocol.ICMP, 0, message));
    }

    byte[] discovery(InetAddress source, int type, byte[] fields, String token) {
      byte[] message =
          RawFrames.icmp6(source, ALL_NODES, type, RawFrames.join(fields, RawFrames.option(token)));
      return from(
          mac, EtherType.IPV6, RawFrames.ipv6(source, ALL_NODES, IpProtocol.ICMPV6, 255, message));
    }

    /** UDP in two fragments; the token is in both, or in the first alone. */
    List<byte[]> fragments4(InetAddress source, int port, int target, String first, String later) {
      byte[] datagram = RawFrames.udp(source, to4, port, target, first + later);
      return List.of(
          from(mac, EtherType.IPV4, part4(source, datagram, 0, 24)),
          from(mac, EtherType.IPV4, part4(source, datagram, 24, datagram.length)));
    }

    private byte[] part4(InetAddress source, byte[] datagram, int start, int end) {
      int fragment = start / 8 | (end < datagram.length ? MORE : 0);
      byte[] part = Arrays.copyOfRange(datagram, start, end);
      int number = Arrays.hashCode(datagram);
      return RawFrames.ipv4(source, to4, IpProtocol.UDP, number, fragment, part);
    }

    List<byte[]> fragments6(InetAddress source, String token) {
      byte[] datagram = RawFrames.udp(source, to6, 7777, 7777, token + token);
      return List.of(part6(source, datagram, 0, 24), part6(source, datagram, 24, datagram.length));
    }

    private byte[] part6(InetAddress source, byte[] datagram, int start, int end) {
      byte[] part = Arrays.copyOfRange(datagram, start, end);
      return from(
          mac,
          EtherType.IPV6,
          RawFrames.ipv6Fragment(
              source, to6, IpProtocol.UDP, start / 8, end < datagram.length, part));
    }
  }

  /** The frames of it, with a token of 16 letters in each that counts. */
  List<byte[]> frames(Way way, String token) {
    MacAddress mac = way.mac();
    return switch (this) {
      case SPOOFED_MAC -> List.of(way.udp4(ELSEWHERE, way.own4(), 7777, 7777, token));
      case ARP_REPLY -> List.of(way.arp(2, mac, way.other4(), way.to4(), token));
      case GRATUITOUS_ARP -> List.of(way.arp(1, mac, way.other4(), way.other4(), token));
      case ARP_SENDER -> List.of(way.arp(2, ELSEWHERE, way.own4(), way.to4(), token));
      case ARP_PROBE -> List.of(way.arp(1, mac, IpPrefix.address("0.0.0.0"), way.other4(), token));
      case IPV4, LINK_UP -> List.of(way.udp4(mac, way.other4(), 7777, 7777, token));
      case IPV6 -> List.of(way.udp6(way.other6(), 7777, 7777, token));
      case ADVERTISEMENT -> List.of(advertisement(way, way.other6(), token));
      case DUPLICATE -> List.of(solicitation(way, way.other6(), token));
      case ROUTER ->
          List.of(way.discovery(way.linkLocal(), RawFrames.ICMP6_ROUTER, new byte[8], token));
      case REDIRECT -> List.of(way.discovery(way.linkLocal(), 137, new byte[32], token));
      case ROUTER4 -> List.of(way.icmp4(9, token));
      case REDIRECT4 -> List.of(way.icmp4(5, token));
      case HIDDEN_ROUTER -> hiddenRouter(way, token);
      case HIDDEN_ROUTER_FILLED -> hiddenRouter(way, token).stream().map(Attack::filledUp).toList();
      case NESTED_ROUTER -> List.of(nested(way, token));
      case OFFER -> List.of(way.udp4(mac, way.own4(), 67, 68, token));
      case OFFER_FROM_ANY_PORT -> List.of(way.udp4(mac, way.own4(), 7777, 68, token));
      case OFFER_IN_FRAGMENTS -> way.fragments4(way.own4(), 67, 68, token, "the rest of it....");
      case DHCPV6 -> List.of(way.udp6(way.own6(), 547, 546, token));
      case DHCPV6_FROM_ANY_PORT -> List.of(way.udp6(way.own6(), 7777, 546, token));
      case RELAY -> List.of(way.udp4(mac, way.own4(), 67, 7777, token));
      case TAGGED -> List.of(tagged(way, way.own4(), EtherType.VLAN, 100, token));
      case SERVICE_TAGGED -> List.of(tagged(way, way.own4(), EtherType.SERVICE_VLAN, 100, token));
      case PRIORITY_TAGGED -> List.of(tagged(way, way.other4(), EtherType.VLAN, 0, token));
      case FRAGMENTS4 -> way.fragments4(way.other4(), 7777, 7777, token, token);
      case FRAGMENTS6 -> way.fragments6(way.other6(), token);
      case SPANNING_TREE ->
          List.of(way.from(mac, SPANNING_TREE_LENGTH, RawFrames.octets("BBB" + token)));
      case OWN_IPV4 -> List.of(way.udp4(mac, way.own4(), 7777, 7777, token));
      case OWN_IPV6 -> List.of(way.udp6(way.own6(), 7777, 7777, token));
      case OWN_ARP -> List.of(way.arp(2, mac, way.own4(), way.to4(), token));
      case OWN_ADVERTISEMENT -> List.of(advertisement(way, way.own6(), token));
      case OWN_DUPLICATE -> List.of(solicitation(way, way.own6(), token));
      case OWN_FRAGMENTS -> way.fragments4(way.own4(), 7777, 7777, token, token);
      case OWN_FRAGMENTS_LIKE_DHCP ->
          way.fragments4(way.own4(), 7777, 7777, "what comes first", "\0\0\0D" + token);
      case OWN_FRAGMENTS6 -> way.fragments6(way.own6(), token);
      case LEASE -> List.of(lease(way, token));
    };
  }

  private static byte[] advertisement(Way way, InetAddress of, String token) {
    return way.discovery(way.linkLocal(), RawFrames.ICMP6_ADVERTISEMENT, of.getAddress(), token);
  }

  private static byte[] solicitation(Way way, InetAddress of, String token) {
    return way.discovery(UNSPECIFIED, RawFrames.ICMP6_SOLICITATION, of.getAddress(), token);
  }

  private static byte[] tagged(Way way, InetAddress source, int type, int vid, String token) {
    return RawFrames.tagged(way.udp4(way.mac(), source, 7777, 7777, token), type, vid);
  }

  private static byte[] lease(Way way, String token) {
    InetAddress nobody = IpPrefix.address("0.0.0.0");
    InetAddress all = IpPrefix.address("255.255.255.255");
    byte[] datagram = RawFrames.udp(nobody, all, 68, 67, token);
    return ethernet(
        MacAddress.BROADCAST,
        way.mac(),
        EtherType.IPV4,
        RawFrames.ipv4(nobody, all, IpProtocol.UDP, 0, datagram));
  }

  /** The advertisement's type is in the second fragment, behind the options of the first. */
  private static List<byte[]> hiddenRouter(Way way, String token) {
    InetAddress source = way.linkLocal();
    byte[] message = RawFrames.icmp6(source, ALL_NODES, RawFrames.ICMP6_ROUTER, new byte[8]);
    byte[] first = RawFrames.options(IpProtocol.ICMPV6, token);
    int options = RawFrames.optionsProtocol();
    return List.of(
        way.from(
            way.mac(),
            EtherType.IPV6,
            RawFrames.ipv6Fragment(source, ALL_NODES, options, 0, true, first)),
        way.from(
            way.mac(),
            EtherType.IPV6,
            RawFrames.ipv6Fragment(source, ALL_NODES, options, first.length / 8, false, message)));
  }

  /** Behind the packet, where its receiver does not look, and a filter may. */
  private static byte[] filledUp(byte[] frame) {
    return RawFrames.join(frame, new byte[] {(byte) RawFrames.ICMP6_ECHO, 0, 0, 0, 0, 0, 0, 0});
  }

  /** A later fragment within a fragment that is whole. */
  private static byte[] nested(Way way, String token) {
    InetAddress source = way.linkLocal();
    byte[] later = RawFrames.fragment6(IpProtocol.ICMPV6, 1, false, RawFrames.octets(token));
    return way.from(
        way.mac(),
        EtherType.IPV6,
        RawFrames.ipv6Fragment(source, ALL_NODES, RawFrames.IPV6_FRAGMENT, 0, false, later));
  }
}
