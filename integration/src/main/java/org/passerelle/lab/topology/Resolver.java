package org.passerelle.lab.topology;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.passerelle.lab.model.Check;
import org.passerelle.lab.model.Endpoint;
import org.passerelle.lab.model.Family;
import org.passerelle.lab.model.Located;
import org.passerelle.lab.model.Position;
import org.passerelle.lab.model.Problems;
import org.passerelle.lab.model.Suggestion;

/** Makes names into stations, interfaces and addresses; notes those that nobody has. */
public final class Resolver {
  private final Topology topology;
  private final Problems problems;

  public Resolver(Topology topology, Problems problems) {
    this.topology = topology;
    this.problems = problems;
  }

  /** The path's two ends; empty when one of them does not exist, which is then noted. */
  public Optional<Journey> journey(Check.Path path) {
    Optional<Side> from = side(path.from());
    Optional<Side> to = side(path.to());
    if (from.isEmpty() || to.isEmpty()) {
      return Optional.empty();
    }
    Optional<Station> station = from.get().station();
    if (station.isEmpty()) {
      problems.error(path.from().at(), path.from().value() + ": no station has this address");
      return Optional.empty();
    }
    Optional<Family> family = family(path, from.get(), to.get());
    return family.map(f -> journey(station.get(), from.get(), to.get(), f));
  }

  private static Journey journey(Station station, Side from, Side to, Family family) {
    Optional<Interface> sender = from.via().or(() -> station.speaking(family));
    Optional<InetAddress> source =
        from.address().or(() -> from.via().flatMap(i -> i.address(family)));
    Optional<Interface> receiver = to.via().or(() -> to.station().flatMap(s -> s.speaking(family)));
    InetAddress target =
        to.address().or(() -> receiver.flatMap(i -> i.address(family))).orElseThrow();
    return new Journey(station, source, sender, target, receiver);
  }

  /** One end: who it is, by which interface if that was said, and its address if that was said. */
  private record Side(
      Optional<Station> station, Optional<Interface> via, Optional<InetAddress> address) {

    boolean speaks(Family family) {
      return address
          .map(a -> Family.of(a) == family)
          .orElseGet(
              () ->
                  via.map(i -> i.address(family).isPresent())
                      .orElseGet(() -> station.orElseThrow().speaking(family).isPresent()));
    }
  }

  private Optional<Side> side(Located<Endpoint> end) {
    return switch (end.value()) {
      case Endpoint.Numeric numeric -> {
        Optional<Interface> owner = topology.owner(numeric.address());
        Optional<Station> station = owner.flatMap(i -> topology.station(i.station()));
        yield Optional.of(new Side(station, owner, Optional.of(numeric.address())));
      }
      case Endpoint.Named named -> named(named, end.at());
    };
  }

  private Optional<Side> named(Endpoint.Named named, Position at) {
    Optional<Station> station = station(named.station(), at);
    if (station.isEmpty() || named.device().isEmpty()) {
      return station.map(s -> new Side(station, Optional.empty(), Optional.empty()));
    }
    return device(station.get(), named.device().get(), at)
        .map(i -> new Side(station, Optional.of(i), Optional.empty()));
  }

  /** The station of that name; noted when there is none. */
  public Optional<Station> station(String name, Position at) {
    Optional<Station> station = topology.station(name);
    if (station.isEmpty()) {
      problems.error(at, name + ": no such station; " + Suggestion.of(name, names(), "there are "));
    }
    return station;
  }

  private List<String> names() {
    return topology.stations().stream().map(Station::name).toList();
  }

  /** The station's interface of that name; noted when there is none. */
  public Optional<Interface> device(Station station, String device, Position at) {
    Optional<Interface> found = station.device(device);
    if (found.isEmpty()) {
      List<String> devices = station.interfaces().stream().map(Interface::device).toList();
      problems.error(
          at,
          device
              + ": "
              + station.name()
              + " has no such interface; it has "
              + (devices.isEmpty() ? "none" : String.join(", ", devices)));
    }
    return found;
  }

  private Optional<Family> family(Check.Path path, Side from, Side to) {
    Optional<Family> common =
        path.family()
            .map(Stream::of)
            .orElseGet(() -> Stream.of(Family.values()))
            .filter(family -> from.speaks(family) && to.speaks(family))
            .findFirst();
    if (common.isEmpty()) {
      String what = path.family().map(Family::toString).orElse("IPv4 or IPv6");
      problems.error(
          path.to().at(),
          path.from().value()
              + " and "
              + path.to().value()
              + " do not both have an "
              + what
              + " address");
    }
    return common;
  }
}
