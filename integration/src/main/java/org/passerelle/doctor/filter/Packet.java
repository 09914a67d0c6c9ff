package org.passerelle.doctor.filter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.natroute.nft.CtStatus;
import org.passerelle.natroute.nft.ExtensionHeaders;
import org.passerelle.natroute.nft.FilterChain;
import org.passerelle.natroute.nft.Spans;
import org.passerelle.natroute.nft.TcpFlags;

/**
 * A packet as far as it is known, in the fields of nft's language. A field that is not here may
 * have any value, if it is an address any but an unusual one.
 *
 * @param family of the chains that see it, beside {@code inet} and {@code netdev}
 * @param in the device by which it comes; empty when it is this host's own
 * @param out the one by which it goes; empty when it is for this host
 * @param beyond the fields that are others beyond NAT, where the outside is; empty text for what is
 *     not known there
 * @param never by the field of an address, the networks in which it is not
 */
public record Packet(
    String family,
    String in,
    String out,
    Map<String, String> fields,
    Map<String, String> beyond,
    Map<String, Spans> never) {
  private static final Set<String> IP = Set.of("ip", "ip6");
  private static final Set<String> NETWORK = Set.of("ip", "ip6", "arp");

  private static final Set<String> TRANSPORT =
      Set.of(
          "tcp", "udp", "udplite", "sctp", "dccp", "icmp", "icmpv6", "igmp", "esp", "ah", "comp");

  private static final Set<String> WITH_PORTS = Set.of("tcp", "udp", "udplite", "sctp", "dccp");
  private static final String PROTOCOL = "meta l4proto";

  /** A field of the header behind IP's, whatever the protocol. */
  private static final String ANY_TRANSPORT = "th ";

  /** NF_IP_PRI_NAT_DST and NF_IP_PRI_NAT_SRC. */
  private static final long TRANSLATED_IN = -100;

  private static final long TRANSLATED_OUT = 100;

  private static final String STATE = "ct state";

  /** The states of what has no connection; conntrack knows nothing else of it. */
  private static final Set<String> UNCONNECTED = Set.of("invalid", "untracked");

  private static final String ANSWERED = "confirmed,seen-reply";
  private static final String HANDED = "handed ";

  public Packet {
    fields = Map.copyOf(fields);
    beyond = Map.copyOf(beyond);
    never = Map.copyOf(never);
  }

  /** One of IPv4 or IPv6. */
  public static Packet of(boolean v6, String from, String to, String protocol, String state) {
    Map<String, String> fields = new HashMap<>();
    fields.put("meta nfproto", v6 ? "ipv6" : "ipv4");
    fields.put("meta protocol", v6 ? "ip6" : "ip");
    fields.put("ether type", v6 ? "ip6" : "ip");
    fields.put(PROTOCOL, protocol);
    fields.put(v6 ? "ip6 nexthdr" : "ip protocol", protocol);
    fields.put(STATE, state);
    fields.put(CtStatus.FIELD, state.equals("established") ? ANSWERED : "none");
    if (protocol.equals("tcp")) {
      fields.put(TcpFlags.FIELD, state.equals("established") ? "ack,syn" : "syn");
    }
    return new Packet(v6 ? "ip6" : "ip", from, to, fields, Map.of(), Map.of());
  }

  /** One of ARP, for this host or from it. */
  public static Packet arp(String from, String to, String operation) {
    return new Packet(
        "arp",
        from,
        to,
        Map.of("meta protocol", "arp", "ether type", "arp", "arp operation", operation),
        Map.of(),
        Map.of());
  }

  /** The same with another field. */
  public Packet with(String field, String value) {
    Map<String, String> more = new HashMap<>(fields);
    more.put(field, value);
    return new Packet(family, in, out, more, beyond, never);
  }

  /** The same with a field that is another one beyond NAT; empty text for an unknown one there. */
  public Packet beyond(String field, String value) {
    Map<String, String> more = new HashMap<>(beyond);
    more.put(field, value);
    return new Packet(family, in, out, fields, more, never);
  }

  /** The same, with an address that is of none of these networks. */
  public Packet never(String field, List<IpPrefix> networks) {
    Map<String, Spans> more = new HashMap<>(never);
    more.put(
        field,
        UnusualAddress.ALL.and(Spans.of(networks.stream().map(IpPrefix::toString).toList())));
    return new Packet(family, in, out, fields, beyond, more);
  }

  /** The same as a bridge sees it. */
  public Packet bridged() {
    return new Packet("bridge", in, out, fields, beyond, never);
  }

  /** The same as br_netfilter hands it over: bridges have it, but no device receives it. */
  public Packet handed() {
    return new Packet(HANDED + family, in, out, fields, beyond, never);
  }

  /** The hooks that it comes by. */
  List<Stage> way() {
    return Stage.way(!in.isEmpty(), !out.isEmpty());
  }

  /** Whether a chain of a hook sees it; those of type {@code nat} see what begins a connection. */
  boolean isSeenBy(FilterChain chain) {
    String own = family.replace(HANDED, "");
    boolean isFamily =
        chain.family().equals(own) || chain.family().equals("inet") && IP.contains(own);
    return isFamily
        && (!chain.hook().orElseThrow().type().equals("nat") || "new".equals(fields.get(STATE)));
  }

  /** Whether a chain sees it that is before a device. */
  boolean isSeenBefore(String chainFamily) {
    return !family.startsWith(HANDED)
        && (chainFamily.equals("netdev") || IP.contains(fields.get("meta protocol")));
  }

  /** What a chain sees of it. */
  Packet at(Stage stage, long priority) {
    Map<String, String> seen = new HashMap<>(fields);
    if (isBeyond(stage, priority)) {
      seen.putAll(beyond);
      seen.values().removeIf(String::isEmpty);
    }
    seen.put("meta iifname", stage.hasIn() ? in : "");
    seen.put("meta iif", stage.hasIn() ? in : "");
    seen.put("meta oifname", stage.hasOut() ? out : "");
    seen.put("meta oif", stage.hasOut() ? out : "");
    if (!stage.knowsConnections(priority)) {
      seen.put(STATE, "invalid");
    }
    return new Packet(family, in, out, seen, Map.of(), never);
  }

  /** Sent to the outside it is translated last, and what comes from there at once. */
  private boolean isBeyond(Stage stage, long priority) {
    boolean outwards = beyond.keySet().stream().anyMatch(field -> field.endsWith("saddr"));
    return switch (stage) {
      case INGRESS -> !outwards;
      case PREROUTING -> !outwards && priority <= TRANSLATED_IN;
      case POSTROUTING -> outwards && priority >= TRANSLATED_OUT;
      case EGRESS -> outwards;
      default -> false;
    };
  }

  /** What is known of a field. */
  Optional<String> field(String name) {
    if (name.startsWith(ANY_TRANSPORT)) {
      return port(name.substring(ANY_TRANSPORT.length()));
    }
    return Optional.ofNullable(fields.get(name))
        .or(
            () ->
                Optional.ofNullable(fields.get(TcpFlags.FIELD))
                    .flatMap(flags -> TcpFlags.counting(name, flags)));
  }

  /** Where a protocol has none, what is there, a checksum, is no port that anybody asks for. */
  private Optional<String> port(String end) {
    String protocol = fields.get(PROTOCOL);
    return WITH_PORTS.contains(protocol)
        ? Optional.ofNullable(fields.get(protocol + " " + end))
        : Optional.of("");
  }

  /** In which networks an address of it is not. */
  Spans never(String field) {
    return never.getOrDefault(field, UnusualAddress.ALL);
  }

  /** No packet here has a tag, or a header of IPv6's beside its first. */
  private static boolean isExtra(String protocol) {
    return protocol.equals("vlan") || ExtensionHeaders.has(protocol);
  }

  /** Whether it has no such field at all: it is of another protocol, or of no connection yet. */
  boolean lacks(String field) {
    String protocol = field.substring(0, field.indexOf(' '));
    return isExtra(protocol)
        || NETWORK.contains(protocol) && !protocol.equals(fields.get("meta protocol"))
        || TRANSPORT.contains(protocol) && !protocol.equals(fields.get(PROTOCOL))
        || field.startsWith(ANY_TRANSPORT) && !fields.containsKey(PROTOCOL)
        || protocol.equals("ct") && !field.equals(STATE) && !isOfConnection();
  }

  private boolean isOfConnection() {
    return fields.containsKey(STATE) && !UNCONNECTED.contains(fields.get(STATE));
  }

  /** The flags of its connection. */
  List<String> status() {
    return List.of(fields.get(CtStatus.FIELD).split(","));
  }

  /** The same, of a connection that has another flag besides. */
  public Packet flagged(String flag) {
    return with(CtStatus.FIELD, fields.get(CtStatus.FIELD) + "," + flag);
  }
}
