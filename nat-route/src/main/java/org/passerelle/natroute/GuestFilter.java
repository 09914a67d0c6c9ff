package org.passerelle.natroute;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.passerelle.link.list.Lists;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Ipv6Text;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.SetGuard;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.Guard;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/**
 * {@code antispoof=yes}: a guest sends from its own MAC and its own addresses only, without tags,
 * and is neither a DHCP server nor a router, of either version. What no rule accepts is dropped.
 *
 * <p>The outer type comes first: {@code ip} and {@code ip6} in a rule mean the inner one, so that a
 * tagged frame would pass for what is in it. IPv4's addresses are those of {@code ip=}; IPv6's as
 * well, with the link-local one that follows from the MAC. Without any address ({@code ::},
 * 0.0.0.0) a guest may look whether one of its own is free, ask for a router, report its multicast
 * groups and ask for a lease.
 *
 * <p>Fragments: only the first has ports and types. A first one in which they cannot be read, or
 * that may not hold all IPv6 headers, is dropped, as RFC 7112 has it for those that do not; later
 * ones pass by their source alone, for they are nothing without the first. That comes before all
 * that looks at ports and types, for which kernels (6.18 does) take whatever is at their place in a
 * later one. None can overwrite what was read: IPv4 has it in the first eight octets, where no
 * later one begins, and IPv6 discards what overlaps (RFC 5722). So pings and datagrams longer than
 * the MTU pass.
 *
 * @param device the link's name by the time that the guard is put before it
 * @param addresses the guest's; empty when nobody said which: then whatever names an address passes
 */
public record GuestFilter(String device, MacAddress mac, Optional<GuestAddresses> addresses) {
  private static final String ARP = "arp htype 1 arp ptype ip arp hlen 6 arp plen 4 ";
  private static final String ACCEPT = " accept";

  /** The ICMPv6 target address, 8 octets into the message; nft 1.0.6 has no word for it. */
  private static final String TARGET = "@th,64,128 ";

  /**
   * What a DHCP server sends, of either version, whatever its port. In a rule of its own: nft 1.0.6
   * makes one comparison of two ports next to each other, and takes "neither" for "not both".
   */
  private static final String TO_DHCP_CLIENT = "udp dport { 546, 68 } drop";

  /**
   * A first fragment with one more IPv6 header, before the fragment header or behind it: routing,
   * fragment, options. What comes behind that may be in a later fragment, and kernels (6.18 does)
   * take for it what fills the frame up behind the packet, or the packet's own first octets. The
   * place is that of the header behind IPv6's own; as a number, for nft's names of protocols are
   * those of /etc/protocols.
   */
  private static final String MORE_HEADERS = " frag frag-off 0 @nh,320,8 { 0x2b, 0x2c, 0x3c } drop";

  /** What routers tell hosts by ICMP (RFC 1256, RFC 792). */
  private static final String AS_ROUTER = "icmp type { redirect, router-advertisement } drop";

  private static final String NO_DHCP_SERVER = " udp sport != { 547, 67 }";

  /** Plans the guard, or another in its place; empty when it is there. */
  public Plan attach(Host host) {
    if (!device.matches("[A-Za-z0-9._-]+")) {
      throw new RefusedException(
          "antispoof=yes: nftables cannot be told of a device called " + device);
    }
    Guard wanted = new Guard(device, rules());
    PlanSteps steps = new PlanSteps(host);
    boolean isUp = VifDevice.exactly(host, device).filter(Link::isUp).isPresent();
    // Asked always: where there is no packet filter nothing is to be begun.
    boolean isThere = wanted.is(host.guard(device));
    if (!isThere || !isUp) {
      steps.add(new SetGuard(wanted, true), "the guest sends in its own name only");
    }
    return steps.build();
  }

  /** Plans that nothing guards links of these names any more: a guard outlives its link. */
  public static Plan detach(Host host, Collection<String> devices) {
    PlanSteps steps = new PlanSteps(host);
    for (String device : devices) {
      if (host.guard(device).isPresent()) {
        steps.add(SetGuard.none(device), "it would hit the next link of that name");
      }
    }
    return steps.build();
  }

  List<String> rules() {
    List<String> rules = new ArrayList<>();
    rules.add("ether type != { arp, ip, ip6 } drop");
    rules.add("ether saddr != " + mac + " drop");
    Optional<String> from4 = from4();
    String from6 = from6();
    from4.ifPresent(from -> rules.add(from + " ip frag-off & 8191 != 0 accept"));
    rules.add(from6 + " frag frag-off != 0 accept");
    rules.add(from6 + MORE_HEADERS);
    rules.add(TO_DHCP_CLIENT);
    rules.add(AS_ROUTER);
    addArp(rules);
    from4.ifPresent(from -> addTransport(rules, from, "udp"));
    addresses.ifPresentOrElse(
        known -> addKnown(rules, known, from6),
        () -> rules.add(from6 + " icmpv6 type != { nd-redirect, nd-router-advert } accept"));
    addTransport(rules, from6, "{ ipv6-icmp, udp }");
    return rules;
  }

  /** The words for what is from its IPv4 addresses; empty when it has none. */
  private Optional<String> from4() {
    return addresses.isEmpty() ? Optional.of("ip version 4") : own4().map(own -> "ip saddr " + own);
  }

  private Optional<String> own4() {
    return addresses
        .map(known -> Lists.filter(known.senders(), one -> !one.isV6()))
        .filter(own -> !own.isEmpty())
        .map(own -> oneOf(own, GuestFilter::text));
  }

  private String from6() {
    return addresses
        .map(known -> "ip6 saddr " + oneOf(ipv6(known.senders()), GuestFilter::text))
        .orElse("ip6 version 6");
  }

  private void addArp(List<String> rules) {
    String arp = ARP + "arp saddr ether " + mac;
    if (addresses.isEmpty()) {
      rules.add(arp + ACCEPT);
    }
    own4()
        .ifPresent(
            own -> {
              rules.add(arp + " arp saddr ip " + own + ACCEPT);
              rules.add(arp + " arp saddr ip 0.0.0.0 arp daddr ip " + own + ACCEPT);
            });
  }

  /** No address may be in a set twice, alone and within a network. */
  private List<IpPrefix> ipv6(List<IpPrefix> all) {
    IpPrefix own = linkLocal();
    List<IpPrefix> given = Lists.filter(all, IpPrefix::isV6);
    return Lists.any(all, one -> one.contains(own.address()))
        ? given
        : Lists.concat(List.of(own), given);
  }

  private void addKnown(List<String> rules, GuestAddresses known, String from6) {
    String target = TARGET + oneOf(ipv6(known.senders()), GuestFilter::octets);
    rules.add("ip saddr 0.0.0.0 ip daddr 255.255.255.255 udp sport 68 udp dport 67 accept");
    rules.add("ip6 saddr :: icmpv6 type nd-neighbor-solicit " + target + ACCEPT);
    rules.add(
        "ip6 saddr :: icmpv6 type { mld-listener-done, mld-listener-report, mld2-listener-report,"
            + " nd-router-solicit } accept");
    rules.add(from6 + " icmpv6 type nd-neighbor-advert " + target + ACCEPT);
    rules.add(
        from6 + " icmpv6 type != { nd-neighbor-advert, nd-redirect, nd-router-advert } accept");
  }

  /**
   * All but a DHCP server's.
   *
   * @param looked the protocols of which other rules decide, or the ports do
   */
  private static void addTransport(List<String> rules, String from, String looked) {
    rules.add(from + " meta l4proto != " + looked + ACCEPT);
    rules.add(from + NO_DHCP_SERVER + ACCEPT);
  }

  /** The address that a host gives itself from its MAC (RFC 4291, appendix A). */
  private IpPrefix linkLocal() {
    byte[] octets = mac.octets();
    byte[] address = new byte[16];
    address[0] = (byte) 0xFE;
    address[1] = (byte) 0x80;
    System.arraycopy(octets, 0, address, 8, 3);
    address[8] ^= 2;
    address[11] = (byte) 0xFF;
    address[12] = (byte) 0xFE;
    System.arraycopy(octets, 3, address, 13, 3);
    return IpPrefix.single(IpPrefix.address(address));
  }

  private static String oneOf(List<IpPrefix> addresses, Function<IpPrefix, String> words) {
    List<String> all = Lists.distinct(Lists.map(addresses, words));
    return all.size() == 1 ? all.getFirst() : "{ " + String.join(", ", all) + " }";
  }

  private static String text(IpPrefix one) {
    String address = Ipv6Text.of(one.address());
    return one.isSingle() ? address : address + "/" + one.length();
  }

  private static String octets(IpPrefix one) {
    String first = hex(one.address());
    return one.isSingle() ? first : first + "-" + hex(one.last());
  }

  private static String hex(InetAddress address) {
    return "0x" + HexFormat.of().formatHex(address.getAddress());
  }
}
