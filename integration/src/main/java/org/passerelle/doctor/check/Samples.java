package org.passerelle.doctor.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.passerelle.doctor.facts.Facts;
import org.passerelle.doctor.facts.Routing;
import org.passerelle.doctor.filter.Packet;

/** The packets that must pass for the guests that this host has, or would have. */
final class Samples {
  /** A vif where there is none yet. */
  private static final String FIRST = "vif1.0";

  private final Facts facts;
  private final List<Outside> outsides;
  private final List<Sample> samples = new ArrayList<>();

  private Samples(Facts facts) {
    this.facts = facts;
    this.outsides = facts.waysOut().stream().map(out -> Outside.by(out, facts)).toList();
  }

  static List<Sample> of(Facts facts) {
    Samples all = new Samples(facts);
    all.routed();
    all.bridged();
    return List.copyOf(all.samples);
  }

  /** Whether there are guests, or a script runs that is for nothing else. */
  static boolean isInUse(Facts facts) {
    return !facts.net().vifs().isEmpty() || facts.own().routes();
  }

  private void routed() {
    List<String> vifs = facts.net().routed();
    if (outsides.isEmpty()) {
      return;
    }
    boolean expected = facts.own().routes() || facts.net().vifs().isEmpty();
    if (vifs.isEmpty() && expected) {
      // Nobody is to look for a vif that is not there.
      routed(FIRST, "a guest's vif");
    }
    vifs.forEach(vif -> routed(vif, vif));
  }

  private void routed(String vif, String called) {
    Optional<Routing.Guest> guest = Optional.ofNullable(facts.net().routing().guests().get(vif));
    for (boolean v6 : new boolean[] {false, true}) {
      boolean isOn = !v6 || facts.settings().is("ipv6/conf/all/forwarding", "1");
      if (isOn && guest.map(one -> one.address(v6).isPresent()).orElse(true)) {
        GuestPackets packets = new GuestPackets(vif, v6, guest.flatMap(one -> one.address(v6)));
        outsides.forEach(outside -> outside(called, outside, packets));
        dom0(called, packets);
      }
    }
  }

  private void outside(String called, Outside outside, GuestPackets packets) {
    String out = outside.device();
    String suffix = packets.v6() ? " (IPv6)" : "";
    String outwards = "%s to " + out + suffix;
    String inwards = out + " to %s" + suffix;
    add(Purpose.OUT, outwards, called, packets.vif(), packets.out(outside));
    add(Purpose.BACK, inwards, called, packets.vif(), packets.back(outside));
    if (facts.own().uplinks("network-route").contains(out)) {
      add(Purpose.IN, inwards, called, packets.vif(), packets.in(outside));
    }
    if (!facts.own().forwards().isEmpty()) {
      add(Purpose.TO_PORT, inwards, called, packets.vif(), packets.toPort(outside));
    }
  }

  private void dom0(String called, GuestPackets packets) {
    String asks = "%s to dom0";
    String answers = "dom0 to %s";
    String vif = packets.vif();
    boolean v6 = packets.v6();
    for (boolean question : new boolean[] {true, false}) {
      Packet in = packets.search(true, question);
      Packet out = packets.search(false, question);
      add(v6 ? Purpose.NEIGHBOUR : Purpose.ARP_IN, asks, called, vif, in);
      add(v6 ? Purpose.NEIGHBOUR_OUT : Purpose.ARP_OUT, answers, called, vif, out);
    }
    add(Purpose.ANSWER, answers, called, vif, packets.answer());
    if (!v6 && facts.own().leases()) {
      add(Purpose.LEASE, asks, called, vif, packets.lease());
      add(Purpose.LEASED, answers, called, vif, packets.leased());
    }
  }

  private void add(Purpose purpose, String way, String called, String device, Packet packet) {
    samples.add(new Sample(purpose, way, called, device, packet));
  }

  private void bridged() {
    facts
        .net()
        .bridges()
        .forEach(
            (bridge, vifs) -> {
              if (facts.settings().is("bridge/bridge-nf-call-iptables", "1")) {
                handed(bridge, false);
              }
              if (facts.settings().is("bridge/bridge-nf-call-ip6tables", "1")) {
                handed(bridge, true);
              }
              facts
                  .net()
                  .portOutside(bridge)
                  .ifPresent(port -> vifs.forEach(vif -> frames(vif, port)));
            });
  }

  private void handed(String bridge, boolean v6) {
    Packet packet = Packet.of(v6, bridge, bridge, "tcp", "new").handed();
    add(Purpose.BRIDGED, "on %s" + (v6 ? " (IPv6)" : ""), bridge, bridge, packet);
  }

  private void frames(String vif, String port) {
    Packet sent = Packet.of(false, vif, port, "tcp", "new").bridged();
    Packet received = Packet.of(false, port, vif, "tcp", "established").bridged();
    add(Purpose.FRAME, "%s to " + port, vif, vif, sent);
    add(Purpose.FRAME_BACK, port + " to %s", vif, vif, received);
  }
}
