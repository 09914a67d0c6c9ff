package org.passerelle.link.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.passerelle.link.rtnl.Route;

/** Whose configuration operations change: not the bridge's that a port is given to. */
final class Devices {
  private Devices() {}

  static Set<String> of(List<Operation> operations) {
    Set<String> devices = new HashSet<>();
    for (Operation operation : operations) {
      // The commonest goes first: a switch over types makes a class at run time, which takes 2 ms.
      if (operation instanceof SetLink set) {
        devices.add(set.device());
      } else {
        of(operation).forEach(devices::add);
      }
    }
    return Set.copyOf(devices);
  }

  private static Stream<String> of(Operation operation) {
    return switch (operation) {
      case CreateLink one -> Stream.of(one.spec().name());
      case DeleteLink one -> Stream.of(one.device());
      case Rename one -> Stream.of(one.device(), one.to());
      case Relabel one -> Stream.of(one.device());
      case SetLink one -> Stream.of(one.device());
      case AddAddress one -> Stream.of(one.address().device());
      case RemoveAddress one -> Stream.of(one.address().device());
      case ChangeAddress one -> Stream.of(one.address().device());
      case AddRoute one -> of(one.route());
      case RemoveRoute one -> of(one.route());
      case MoveRoute one -> Stream.concat(of(one.route()), Stream.of(one.from(), one.to()));
      case AddNeighbour one -> Stream.of(one.neighbour().device());
      case RemoveNeighbour one -> Stream.of(one.neighbour().device());
      case SetGuard one -> Stream.of(one.guard().device());
      case SetTable _, SetEntry _ -> Stream.of();
      case SetSysctl one -> Stream.of(one.device()).filter(device -> !device.isEmpty());
    };
  }

  private static Stream<String> of(Route route) {
    return Stream.concat(Stream.of(route.device()), route.hops().stream().map(Route.Hop::device));
  }
}
