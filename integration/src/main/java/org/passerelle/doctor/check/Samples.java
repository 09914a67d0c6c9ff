package org.passerelle.doctor.check;

import java.util.ArrayList;
import java.util.List;
import org.passerelle.doctor.facts.Facts;
import org.passerelle.doctor.filter.Packet;

/** The packets that must pass for the guests that this host has, or would have. */
final class Samples {
  /** A vif where there is none yet. */
  private static final String FIRST = "vif1.0";

  private static final String FORWARD = "forward";
  private static final String INPUT = "input";
  private static final String NEW = "new";
  private static final String ESTABLISHED = "established";

  private final Facts facts;
  private final List<Sample> samples = new ArrayList<>();

  private Samples(Facts facts) {
    this.facts = facts;
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
    List<String> outs = facts.waysOut();
    List<String> vifs = facts.net().routed();
    boolean expected = facts.own().routes() || facts.net().vifs().isEmpty();
    if (outs.isEmpty() || vifs.isEmpty() && !expected) {
      return;
    }
    String vif = vifs.isEmpty() ? FIRST : vifs.getFirst();
    outs.forEach(out -> routed(vif, out, false));
    if (facts.own().leases()) {
      Packet question =
          Packet.of(false, vif, "", "udp", NEW).with("udp sport", "68").with("udp dport", "67");
      arriving(Purpose.LEASE, vif, question);
    }
    if (facts.settings().is("ipv6/conf/all/forwarding", "1")) {
      outs.forEach(out -> routed(vif, out, true));
      Packet search =
          Packet.of(true, vif, "", "icmpv6", "untracked")
              .with("icmpv6 type", "nd-neighbor-solicit");
      arriving(Purpose.NEIGHBOUR, vif, search);
    }
  }

  private void arriving(Purpose purpose, String vif, Packet packet) {
    samples.add(new Sample(purpose, INPUT, called(vif) + " to dom0", vif, "", packet));
  }

  /** Nobody is to look for a vif that is not there. */
  private String called(String vif) {
    return facts.net().routed().contains(vif) ? vif : "a guest's vif";
  }

  private void routed(String vif, String out, boolean v6) {
    String way = v6 ? " (IPv6)" : "";
    add(Purpose.OUT, vif, out, way, Packet.of(v6, vif, out, "tcp", NEW));
    add(Purpose.BACK, vif, out, way, Packet.of(v6, out, vif, "tcp", ESTABLISHED));
    if (facts.own().uplinks("network-route").contains(out)) {
      add(Purpose.IN, vif, out, way, Packet.of(v6, out, vif, "tcp", NEW));
    }
    if (!facts.own().forwards().isEmpty()) {
      Packet led = Packet.of(v6, out, vif, "tcp", NEW).with("ct status", "dnat");
      add(Purpose.TO_PORT, vif, out, way, led);
    }
  }

  private void add(Purpose purpose, String vif, String out, String suffix, Packet packet) {
    boolean outwards = purpose == Purpose.OUT;
    String way = (outwards ? called(vif) : out) + " to " + (outwards ? out : called(vif)) + suffix;
    samples.add(new Sample(purpose, FORWARD, way, vif, out, packet));
  }

  private void bridged() {
    for (String bridge : facts.net().bridges()) {
      if (facts.settings().is("bridge/bridge-nf-call-iptables", "1")) {
        bridged(bridge, false);
      }
      if (facts.settings().is("bridge/bridge-nf-call-ip6tables", "1")) {
        bridged(bridge, true);
      }
      facts.net().portOutside(bridge).ifPresent(port -> frames(bridge, port));
    }
  }

  private void bridged(String bridge, boolean v6) {
    samples.add(
        new Sample(
            Purpose.BRIDGED,
            FORWARD,
            "on " + bridge + (v6 ? " (IPv6)" : ""),
            bridge,
            "",
            Packet.of(v6, bridge, bridge, "tcp", NEW)));
  }

  private void frames(String bridge, String port) {
    String vif =
        facts.net().vifs().stream()
            .filter(one -> one.master().equals(bridge))
            .findFirst()
            .orElseThrow()
            .name();
    samples.add(
        new Sample(
            Purpose.FRAME,
            FORWARD,
            vif + " to " + port,
            vif,
            "",
            Packet.of(false, vif, port, "tcp", NEW).bridged()));
    samples.add(
        new Sample(
            Purpose.FRAME_BACK,
            FORWARD,
            port + " to " + vif,
            vif,
            "",
            Packet.of(false, port, vif, "tcp", ESTABLISHED).bridged()));
  }
}
