package org.passerelle.lab.validate;

import java.util.HashMap;
import java.util.Map;
import org.passerelle.lab.model.Domain;
import org.passerelle.lab.model.Lab;
import org.passerelle.lab.model.OutsideHost;
import org.passerelle.lab.model.Position;
import org.passerelle.lab.model.Problems;
import org.passerelle.lab.model.TcpService;
import org.passerelle.lab.topology.Topology;
import org.passerelle.link.wire.VlanId;

/** Each name means one thing, and services stand where there is somebody. */
final class NameRules {
  private final Topology topology;
  private final Lab lab;
  private final Problems problems;

  NameRules(Topology topology, Problems problems) {
    this.topology = topology;
    this.lab = topology.lab();
    this.problems = problems;
  }

  void check() {
    Map<String, Position> seen = new HashMap<>();
    for (Domain domain : lab.domains()) {
      name(domain.name(), domain.at(), seen);
    }
    for (OutsideHost host : lab.outside()) {
      name(host.name(), host.at(), seen);
    }
    lab.domains().forEach(this::interfacesHaveVifs);
    services();
    wires();
  }

  private void name(String name, Position at, Map<String, Position> seen) {
    if (name.equals(Lab.DOM0)) {
      problems.error(at, "dom0: this name is the host's own; give it under `host:`");
    }
    Position earlier = seen.putIfAbsent(name, at);
    if (earlier != null) {
      problems.error(at, name + ": this name was taken before, at " + earlier);
    }
  }

  private void interfacesHaveVifs(Domain domain) {
    for (Domain.Interface guest : domain.interfaces()) {
      if (guest.index() >= domain.vifs().size()) {
        problems.error(
            guest.at(),
            guest.device()
                + ": "
                + domain.name()
                + " has no vif "
                + guest.index()
                + "; add a line to its `vif:`, which has "
                + domain.vifs().size());
      } else {
        guest.vlan().ifPresent(vlan -> mayTag(domain, guest, vlan));
      }
    }
  }

  private void mayTag(Domain domain, Domain.Interface guest, VlanId vlan) {
    boolean granted =
        domain
            .vifs()
            .get(guest.index())
            .vlan()
            .filter(one -> one.value().grant().tagged().contains(vlan))
            .isPresent();
    if (!granted) {
      problems.error(
          guest.at(),
          guest.device()
              + ": vif "
              + guest.index()
              + " of "
              + domain.name()
              + " may not tag VLAN "
              + vlan
              + "; allow it with vlan=1p/"
              + vlan);
    }
  }

  private void services() {
    Map<String, Position> seen = new HashMap<>();
    for (TcpService service : lab.services()) {
      String name = service.at().value();
      Position at = service.at().at();
      if (topology.station(name).isEmpty()) {
        problems.error(at, name + ": no such station to serve at");
      }
      Position earlier = seen.putIfAbsent(name + " " + service.port(), at);
      if (earlier != null) {
        problems.error(
            at, "port " + service.port() + " of " + name + " is served already, at " + earlier);
      }
    }
  }

  /** A wire with one thing plugged in is most often a name misspelt. */
  private void wires() {
    for (OutsideHost host : lab.outside()) {
      long plugged =
          topology.interfaces().stream().filter(i -> i.segment().equals(host.wire())).count();
      if (plugged < 2) {
        problems.warning(
            host.at(),
            host.name() + " is alone on its wire `" + host.wire() + "`: nothing can reach it");
      }
    }
  }
}
