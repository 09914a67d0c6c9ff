package org.passerelle.lab.validate;

import java.util.List;
import java.util.Optional;
import org.passerelle.lab.model.AddressText;
import org.passerelle.lab.model.Check;
import org.passerelle.lab.model.Expectation;
import org.passerelle.lab.model.Located;
import org.passerelle.lab.model.Point;
import org.passerelle.lab.model.Position;
import org.passerelle.lab.model.Problems;
import org.passerelle.lab.topology.Interface;
import org.passerelle.lab.topology.Journey;
import org.passerelle.lab.topology.Resolver;
import org.passerelle.lab.topology.Station;
import org.passerelle.lab.topology.Topology;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** Checks name what exists, and mean something. */
final class CheckRules {
  private static final int ECHO_PORT = 7;

  private final Topology topology;
  private final Problems problems;
  private final Resolver resolver;

  CheckRules(Topology topology, Problems problems) {
    this.topology = topology;
    this.problems = problems;
    this.resolver = new Resolver(topology, problems);
  }

  void check() {
    topology.lab().checks().forEach(this::check);
  }

  private void check(Check check) {
    switch (check) {
      case Check.Traffic traffic -> traffic(traffic);
      case Check.Capture capture -> {
        point(capture.point().value(), capture.point().at());
        capture.during().forEach(this::traffic);
        expectation(capture.expect());
      }
      case Check.Action action -> point(action.vif().value(), action.vif().at());
    }
  }

  private void traffic(Check.Traffic check) {
    Optional<Journey> found = resolver.journey(check.path());
    if (found.isEmpty()) {
      return;
    }
    Journey journey = found.get();
    Position target = check.path().to().at();
    switch (check) {
      case Check.Blocked blocked -> blocked(journey, blocked);
      case Check.Tcp tcp -> served(journey, tcp);
      case Check.Throughput throughput -> someoneThere(journey, target);
      case Check.Ping ping -> {}
    }
    if (!(check instanceof Check.Blocked) && !hasRoute(journey)) {
      problems.warning(
          target,
          journey.from().name()
              + " has neither a route nor a gateway to "
              + AddressText.of(journey.target()));
    }
  }

  private boolean hasRoute(Journey journey) {
    return journey.from().hasRouteTo(journey.target())
        || journey.from().kind() == Station.Kind.DOM0
            && journey.receiver().filter(topology::isRouted).isPresent();
  }

  private void blocked(Journey journey, Check.Blocked check) {
    Position at = check.path().to().at();
    if (!hasRoute(journey)) {
      problems.error(
          at,
          journey.from().name()
              + " has no route to "
              + AddressText.of(journey.target())
              + ": blocked would hold whatever the network does; give it a route or a gateway");
    }
    someoneThere(journey, at)
        .filter(i -> topology.neighbour(i, journey.target(), journey.from()).isEmpty())
        .ifPresent(
            i ->
                problems.error(
                    at,
                    i
                        + " has no neighbour on "
                        + i.segment()
                        + " that could prove that it lives; add a host in its network there"));
  }

  private Optional<Interface> someoneThere(Journey journey, Position at) {
    if (journey.receiver().isEmpty()) {
      problems.error(
          at, AddressText.of(journey.target()) + ": nobody in this lab has this address");
    }
    return journey.receiver();
  }

  private void served(Journey journey, Check.Tcp check) {
    Optional<Interface> there = someoneThere(journey, check.path().to().at());
    if (check.port() != ECHO_PORT && there.isPresent() && !isServed(there.get(), check.port())) {
      String name = there.get().station();
      problems.error(
          check.at(),
          "port "
              + check.port()
              + ": nothing listens there; add `- tcp: {at: "
              + name
              + ", port: "
              + check.port()
              + "}` to services");
    }
  }

  private boolean isServed(Interface there, int port) {
    return topology.lab().services().stream()
        .anyMatch(s -> s.at().value().equals(there.station()) && s.port() == port);
  }

  private void point(Point point, Position at) {
    switch (point) {
      case Point.Wire wire -> {
        if (!topology.wires().contains(wire.name())) {
          problems.error(
              at,
              wire
                  + ": no such wire; there are "
                  + String.join(", ", topology.wires())
                  + ", or write STATION/DEVICE");
        }
      }
      case Point.Ring ring -> {
        if (topology.vif(ring.domain(), ring.handle()).isEmpty()) {
          problems.error(at, ring + ": no such vif; " + vifsThereAre());
        }
      }
      case Point.Device device ->
          resolver.station(device.station(), at).ifPresent(s -> device(s, device.device(), at));
    }
  }

  private String vifsThereAre() {
    List<String> names =
        topology.vifs().stream().map(vif -> vif.domain() + "/vif" + vif.handle()).toList();
    return names.isEmpty() ? "there is none" : "there are " + String.join(", ", names);
  }

  /** dom0 has the devices that its scripts make beside those with addresses. */
  private void device(Station station, String device, Position at) {
    boolean made =
        station.kind() == Station.Kind.DOM0
            && (topology.layout().filter(l -> l.devices().contains(device)).isPresent()
                || topology.vlans().filter(l -> l.devices().contains(device)).isPresent()
                || topology.vifs().stream().anyMatch(vif -> vif.device().equals(device)));
    if (!made) {
      resolver.device(station, device, at);
    }
  }

  private void expectation(Expectation expect) {
    expect.etherSource().forEach(this::mac);
    expect.etherDestination().forEach(this::mac);
    expect.ipSource().forEach(this::ip);
    expect.ipDestination().forEach(this::ip);
  }

  private void mac(Located<String> word) {
    if (word.value().contains(":")) {
      parsed(word, MacAddress::parse);
    } else {
      named(word, "a MAC");
    }
  }

  private void ip(Located<String> word) {
    if (word.value().contains(":") || word.value().matches("[0-9.]+")) {
      parsed(word, IpPrefix::address);
    } else {
      named(word, "an address");
    }
  }

  private void named(Located<String> word, String what) {
    int slash = word.value().indexOf('/');
    String name = slash < 0 ? word.value() : word.value().substring(0, slash);
    Optional<Station> station = topology.station(name);
    if (station.isEmpty()) {
      problems.error(word.at(), word.value() + ": neither " + what + " nor a station of this lab");
    } else if (slash >= 0) {
      resolver.device(station.get(), word.value().substring(slash + 1), word.at());
    }
  }

  private void parsed(Located<String> word, java.util.function.Function<String, ?> parse) {
    try {
      parse.apply(word.value());
    } catch (IllegalArgumentException e) {
      problems.error(word.at(), e.getMessage());
    }
  }
}
