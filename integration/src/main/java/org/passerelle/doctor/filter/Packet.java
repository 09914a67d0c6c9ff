package org.passerelle.doctor.filter;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.passerelle.natroute.nft.TcpFlags;

/**
 * A packet as far as it is known, in the fields of nft's language. A field that is not here may
 * have any value.
 *
 * @param family of the chains that see it, beside {@code inet}
 */
public record Packet(String family, Map<String, String> fields) {
  private static final Set<String> NETWORK = Set.of("ip", "ip6", "arp");

  /** Of IPv6; no packet here has any. */
  private static final Set<String> EXTENSIONS =
      Set.of("rt", "rt0", "rt2", "rt4", "srh", "frag", "hbh", "dst", "mh");

  private static final Set<String> TRANSPORT =
      Set.of(
          "tcp", "udp", "udplite", "sctp", "dccp", "icmp", "icmpv6", "igmp", "esp", "ah", "comp");

  public Packet {
    fields = Map.copyOf(fields);
  }

  /** One of IPv4 or IPv6 from a device to another; to none when it is for this host. */
  public static Packet of(boolean v6, String from, String to, String protocol, String state) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("meta iifname", from);
    fields.put("meta iif", from);
    if (!to.isEmpty()) {
      fields.put("meta oifname", to);
      fields.put("meta oif", to);
    }
    fields.put("meta nfproto", v6 ? "ipv6" : "ipv4");
    fields.put("meta protocol", v6 ? "ip6" : "ip");
    fields.put("ether type", v6 ? "ip6" : "ip");
    fields.put("meta l4proto", protocol);
    fields.put(v6 ? "ip6 nexthdr" : "ip protocol", protocol);
    fields.put("ct state", state);
    fields.put("ct status", "none");
    if (protocol.equals("tcp")) {
      fields.put(TcpFlags.FIELD, state.equals("established") ? "ack,syn" : "syn");
    }
    return new Packet(v6 ? "ip6" : "ip", fields);
  }

  /** The same with another field. */
  public Packet with(String field, String value) {
    Map<String, String> more = new LinkedHashMap<>(fields);
    more.put(field, value);
    return new Packet(family, more);
  }

  /** The same as a bridge sees it. */
  public Packet bridged() {
    return new Packet("bridge", fields);
  }

  boolean isSeenBy(String chainFamily) {
    return chainFamily.equals(family) || chainFamily.equals("inet") && !family.equals("bridge");
  }

  boolean isForwarded() {
    return fields.containsKey("meta oifname");
  }

  /** What is known of a field. */
  Optional<String> field(String name) {
    return Optional.ofNullable(fields.get(name))
        .or(
            () ->
                Optional.ofNullable(fields.get(TcpFlags.FIELD))
                    .flatMap(flags -> TcpFlags.counting(name, flags)));
  }

  /** Whether it has no such field at all: it is of another protocol. */
  boolean lacks(String field) {
    String protocol = field.substring(0, field.indexOf(' '));
    return EXTENSIONS.contains(protocol)
        || NETWORK.contains(protocol) && !protocol.equals(fields.get("meta protocol"))
        || TRANSPORT.contains(protocol) && !protocol.equals(fields.get("meta l4proto"));
  }
}
