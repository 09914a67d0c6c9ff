package org.passerelle.doctor.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.passerelle.doctor.facts.Facts;
import org.passerelle.doctor.filter.Packet;

/** The packets that must pass for the guests that this host has, or would have. */
final class Samples {
  /** A vif where there is none yet. */
  private static final String FIRST = "vif1.0";

  private static final String FORWARD = "forward";
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
    Optional<String> out =
        facts.own().started().stream()
            .map(user -> user.substring(user.indexOf(' ') + 1))
            .findFirst()
            .or(facts.net()::uplink);
    List<String> vifs = facts.net().routed();
    boolean expected = facts.own().routes() || facts.net().vifs().isEmpty();
    String vif = vifs.isEmpty() ? FIRST : vifs.getFirst();
    if (out.isPresent() && (expected || !vifs.isEmpty())) {
      routed(vif, out.get(), false);
      if (facts.settings().is("ipv6/conf/all/forwarding", "1")) {
        routed(vif, out.get(), true);
        Packet search =
            Packet.of(true, vif, "", "icmpv6", "untracked")
                .with("icmpv6 type", "nd-neighbor-solicit");
        samples.add(new Sample(Purpose.NEIGHBOUR, "input", vif + " to dom0", vif, search));
      }
    }
  }

  private void routed(String vif, String out, boolean v6) {
    String way = v6 ? " (IPv6)" : "";
    add(Purpose.OUT, vif, out, way, Packet.of(v6, vif, out, "tcp", NEW));
    add(Purpose.BACK, vif, out, way, Packet.of(v6, out, vif, "tcp", ESTABLISHED));
    if (!facts.own().uplinks("network-route").isEmpty()) {
      add(Purpose.IN, vif, out, way, Packet.of(v6, out, vif, "tcp", NEW));
    }
    if (facts.own().forwards()) {
      Packet led = Packet.of(v6, out, vif, "tcp", NEW).with("ct status", "dnat");
      add(Purpose.TO_PORT, vif, out, way, led);
    }
  }

  private void add(Purpose purpose, String vif, String out, String suffix, Packet packet) {
    boolean outwards = purpose == Purpose.OUT;
    String way = (outwards ? vif : out) + " to " + (outwards ? out : vif) + suffix;
    samples.add(new Sample(purpose, FORWARD, way, vif, packet));
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
            Packet.of(false, vif, port, "tcp", NEW).bridged()));
    samples.add(
        new Sample(
            Purpose.FRAME_BACK,
            FORWARD,
            port + " to " + vif,
            vif,
            Packet.of(false, port, vif, "tcp", ESTABLISHED).bridged()));
  }
}
