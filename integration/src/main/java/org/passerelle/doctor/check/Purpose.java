package org.passerelle.doctor.check;

/** What a packet is for, and the rule that would let such packets pass, in three languages. */
enum Purpose {
  OUT(
      "what guests send out",
      "guests reach nothing outside",
      "iifname \"%1$s\" oifname \"%2$s\" accept",
      "-i %1$s -o %2$s -j ACCEPT",
      "route prepend allow in on %1$s out on %2$s"),
  BACK(
      "answers to guests",
      "guests hear no answer from outside",
      "iifname \"%2$s\" oifname \"%1$s\" ct state established,related accept",
      "-i %2$s -o %1$s -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
      ""),
  TO_PORT(
      "what comes in by forward=",
      "dom0's ports lead to guests who are not reached",
      "iifname \"%2$s\" oifname \"%1$s\" ct status dnat accept",
      "-i %2$s -o %1$s -m conntrack --ctstate DNAT -j ACCEPT",
      ""),
  IN(
      "what is sent to guests from outside",
      "nobody outside reaches a guest",
      "iifname \"%2$s\" oifname \"%1$s\" accept",
      "-i %2$s -o %1$s -j ACCEPT",
      "route prepend allow in on %2$s out on %1$s"),
  NEIGHBOUR(
      "guests' search for their IPv6 router",
      "guests reach nothing by IPv6",
      "iifname \"%1$s\" icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit }"
          + " accept",
      "-i %1$s -p icmpv6 -j ACCEPT",
      ""),
  LEASE(
      "guests' questions for a lease",
      "guests get no address by DHCP",
      "iifname \"%1$s\" udp dport 67 accept",
      "-i %1$s -p udp --dport 67 -j ACCEPT",
      "prepend allow in on %1$s proto udp to any port 67"),
  BRIDGED(
      "what passes the bridge",
      "guests on it reach neither each other nor the outside",
      "iifname \"%1$s\" oifname \"%1$s\" accept",
      "-i %1$s -o %1$s -j ACCEPT",
      "route prepend allow in on %1$s out on %1$s"),
  FRAME(
      "guests' frames on the bridge",
      "guests on it reach nothing",
      "iifname \"%1$s\" accept",
      "-i %1$s -j ACCEPT",
      ""),
  FRAME_BACK(
      "frames to guests on the bridge",
      "guests on it hear nothing",
      "oifname \"%1$s\" accept",
      "-o %1$s -j ACCEPT",
      "");

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

  /**
   * @param device a name, with {@code *} at its end for all that begin so
   * @param uplink the NIC on the other side: a guest's way out is a way to all else that dom0
   *     routes for, unless it is named
   */
  String nft(String device, String uplink) {
    return nft.formatted(device, uplink);
  }

  String iptables(String device, String uplink) {
    return iptables.formatted(device.replace('*', '+'), uplink);
  }

  /** Empty where ufw has no words for it, or lets it pass by itself. */
  String ufw(String device, String uplink) {
    return ufw.formatted(device, uplink);
  }
}
