package org.passerelle.doctor.check;

import java.util.List;
import org.passerelle.doctor.facts.Facts;
import org.passerelle.doctor.facts.Routing;
import org.passerelle.doctor.filter.Packet;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.natroute.nft.CtStatus;
import org.passerelle.natroute.nft.FibField;

/**
 * What is reached by one of dom0's NICs.
 *
 * @param translated whether guests are seen there in dom0's name
 * @param others the addresses that nobody has there
 */
record Outside(String device, boolean translated, Routing routing, List<IpPrefix> others) {

  static Outside by(String device, Facts facts) {
    Routing routing = facts.net().routing();
    boolean translated = facts.own().uplinks("network-nat").contains(device);
    return new Outside(device, translated, routing, routing.notBy(device));
  }

  /** The same for those who name a guest itself. */
  Outside untranslated() {
    return new Outside(device, false, routing, others);
  }

  /** A guest's packet, to somebody there. */
  Packet sent(Packet packet, boolean v6) {
    Packet known =
        packet.with("fib daddr type", "unicast").never(GuestPackets.field(v6, "daddr"), others);
    return translated
        ? known.beyond(GuestPackets.field(v6, "saddr"), shown(v6)).beyond(CtStatus.FIELD, "snat")
        : known;
  }

  /** One from somebody there, to a guest. */
  Packet received(Packet packet, boolean v6) {
    Packet from =
        packet.with("fib saddr type", "unicast").never(GuestPackets.field(v6, "saddr"), others);
    Packet known = routing.leadsOut(device, v6) ? from.with(FibField.BACK, device) : from;
    return translated
        ? known.beyond(GuestPackets.field(v6, "daddr"), shown(v6)).beyond("fib daddr type", "local")
        : known;
  }

  /** What guests are taken for; nothing where that is not known. */
  private String shown(boolean v6) {
    return routing.address(device, v6).orElse("");
  }
}
