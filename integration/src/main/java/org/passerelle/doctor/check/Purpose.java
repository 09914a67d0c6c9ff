package org.passerelle.doctor.check;

/**
 * What a packet is for, and what else than its devices tells it from others, in three languages.
 */
enum Purpose {
  OUT(
      "what guests send out",
      "guests reach nothing outside",
      "",
      "",
      "route prepend allow in on %1$s out on %2$s"),
  BACK(
      "answers to guests",
      "guests hear no answer from outside",
      "ct state established,related",
      "-m conntrack --ctstate ESTABLISHED,RELATED",
      ""),
  TO_PORT(
      "what comes in by forward=",
      "dom0's ports lead to guests who are not reached",
      "ct status dnat",
      "-m conntrack --ctstate DNAT",
      ""),
  IN(
      "what is sent to guests from outside",
      "nobody outside reaches a guest",
      "",
      "",
      "route prepend allow in on %1$s out on %2$s"),
  ARP_IN(
      "guests' ARP",
      "guests and their router do not find each other by IPv4",
      "arp operation { request, reply }",
      "",
      ""),
  ARP_OUT(
      "dom0's ARP to guests",
      "guests and their router do not find each other by IPv4",
      "arp operation { request, reply }",
      "",
      ""),
  NEIGHBOUR(
      "guests' search for their IPv6 router",
      "guests reach nothing by IPv6",
      "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit }",
      "-p icmpv6",
      ""),
  NEIGHBOUR_OUT(
      "dom0's search for guests by IPv6",
      "guests reach nothing by IPv6",
      "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert }",
      "-p icmpv6",
      ""),
  LEASE(
      "guests' questions for a lease",
      "guests get no address by DHCP",
      "udp dport 67",
      "-p udp --dport 67",
      "prepend allow in on %1$s proto udp to any port 67"),
  LEASED(
      "dom0's answers to questions for a lease",
      "guests get no address by DHCP",
      "udp dport 68",
      "-p udp --dport 68",
      ""),
  ANSWER(
      "dom0's own answers to guests",
      "guests hear nothing from dom0 itself: no reply to a ping, nor that a packet was too long",
      "ct state established,related",
      "-m conntrack --ctstate ESTABLISHED,RELATED",
      ""),
  BRIDGED(
      "what passes the bridge",
      "guests on it reach neither each other nor the outside",
      "",
      "",
      "route prepend allow in on %1$s out on %2$s"),
  FRAME("guests' frames on the bridge", "guests on it reach nothing", "", "", ""),
  FRAME_BACK("frames to guests on the bridge", "guests on it hear nothing", "", "", "");

  private final String what;
  private final String effect;
  private final String nft;
  private final String iptables;
  private final String ufw;

  Purpose(String what, String effect, String nft, String iptables, String ufw) {
    this.what = what;
    this.effect = effect;
    this.nft = nft;
    this.iptables = iptables;
    this.ufw = ufw;
  }

  String what() {
    return what;
  }

  String effect() {
    return effect;
  }

  /** Empty where the devices say all. */
  String nft() {
    return nft;
  }

  String iptables() {
    return iptables;
  }

  /** Empty where ufw has no words for it, or lets it pass by itself. */
  String ufw(String in, String out) {
    return ufw.formatted(in, out);
  }

  /** Whether only what is known of connections tells it from others. */
  boolean isOfConnections() {
    return nft.startsWith("ct ");
  }

  /** Between the ports of a bridge; the guest's alone is named where it can be. */
  boolean isFrame() {
    return this == FRAME || this == FRAME_BACK;
  }
}
