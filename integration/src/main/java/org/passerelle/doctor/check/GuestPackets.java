package org.passerelle.doctor.check;

import java.util.Optional;
import org.passerelle.doctor.filter.Packet;
import org.passerelle.natroute.nft.CtStatus;
import org.passerelle.natroute.nft.FibField;

/**
 * The packets of one family between a guest and its router, dom0, and beyond it.
 *
 * @param vif the guest's device
 * @param address its own; empty where nobody knows
 */
record GuestPackets(String vif, boolean v6, Optional<String> address) {
  private static final String NEW = "new";
  private static final String ESTABLISHED = "established";
  private static final String UNTRACKED = "untracked";

  /** Whose the address is that it is sent to. */
  private static final String KIND = "fib daddr type";

  /** Of those that are asked who has an address, some. */
  private static final String ALL = "ff02::1:ff00:1";

  /** The device of what is dom0's own, or for it. */
  private static final String DOM0 = "";

  private static final String TYPE = "icmpv6 type";

  /** The field of an address. */
  static String field(boolean v6, String end) {
    return (v6 ? "ip6 " : "ip ") + end;
  }

  Packet out(Outside outside) {
    return outside.sent(fromGuest(outside.device(), "tcp", NEW), v6);
  }

  Packet back(Outside outside) {
    Packet answer = toGuest(outside.device(), "tcp", ESTABLISHED);
    return outside.received(outside.translated() ? answer.flagged("snat") : answer, v6);
  }

  /** Somebody outside begins, and names the guest. */
  Packet in(Outside outside) {
    return outside.untranslated().received(toGuest(outside.device(), "tcp", NEW), v6);
  }

  /** The same, who names a port of dom0's. */
  Packet toPort(Outside outside) {
    Packet led = toGuest(outside.device(), "tcp", NEW).with(CtStatus.FIELD, "dnat");
    return outside.received(led, v6).beyond(CtStatus.FIELD, "none");
  }

  /** Dom0's own. */
  Packet answer() {
    Packet reply = toGuest(DOM0, v6 ? "icmpv6" : "icmp", ESTABLISHED);
    return reply.with(v6 ? TYPE : "icmp type", "echo-reply").with("fib saddr type", "local");
  }

  /** Each looks for the other on their link, and is told. */
  Packet search(boolean fromGuest, boolean question) {
    String from = fromGuest ? vif : DOM0;
    String to = fromGuest ? DOM0 : vif;
    if (!v6) {
      return Packet.arp(from, to, question ? "request" : "reply");
    }
    Packet any = Packet.of(true, from, to, "icmpv6", UNTRACKED);
    Packet packet =
        question
            ? any.with(TYPE, "nd-neighbor-solicit").with("ip6 daddr", ALL).with(KIND, "multicast")
            : any.with(TYPE, "nd-neighbor-advert");
    return fromGuest ? packet.with(FibField.BACK, vif) : packet;
  }

  /** It has no address yet. */
  Packet lease() {
    return Packet.of(false, vif, DOM0, "udp", NEW)
        .with("udp sport", "68")
        .with("udp dport", "67")
        .with("ip saddr", "0.0.0.0")
        .with("ip daddr", "255.255.255.255")
        .with(KIND, "broadcast")
        .with(FibField.BACK, vif);
  }

  /** To the address that it is to have, or to all on the link: of no connection that is there. */
  Packet leased() {
    return Packet.of(false, DOM0, vif, "udp", NEW)
        .with("udp sport", "67")
        .with("udp dport", "68")
        .with("fib saddr type", "local");
  }

  /** Its route is there as long as it is attached. */
  private Packet fromGuest(String to, String protocol, String state) {
    Packet packet =
        Packet.of(v6, vif, to, protocol, state)
            .with(FibField.BACK, vif)
            .with("fib saddr type", "unicast");
    return address.map(one -> packet.with(field(v6, "saddr"), one)).orElse(packet);
  }

  private Packet toGuest(String from, String protocol, String state) {
    Packet packet = Packet.of(v6, from, vif, protocol, state).with(KIND, "unicast");
    return address.map(one -> packet.with(field(v6, "daddr"), one)).orElse(packet);
  }
}
