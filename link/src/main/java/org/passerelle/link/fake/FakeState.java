package org.passerelle.link.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Neighbour;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.Route;

/** The lists that the parts of {@link FakeKernel} share. */
final class FakeState {
  final List<FakeLink> links = new ArrayList<>();
  final List<Address> addresses = new ArrayList<>();
  final List<Route> routes = new ArrayList<>();
  final List<Neighbour> neighbours = new ArrayList<>();

  Optional<FakeLink> find(String name) {
    return links.stream()
        .filter(link -> link.name.equals(name) || link.alternativeNames.contains(name))
        .findFirst();
  }

  Optional<FakeLink> find(int index) {
    return links.stream().filter(link -> link.index == index).findFirst();
  }

  FakeLink require(String operation, String name) {
    return find(name).orElseThrow(() -> refusal(operation, Refusal.ENODEV, ""));
  }

  List<Address> addressesOf(String device, boolean v6) {
    return addresses.stream()
        .filter(address -> address.device().equals(device) && address.local().isV6() == v6)
        .toList();
  }

  static KernelException refusal(String operation, Refusal errno, String text) {
    return new KernelException(operation, errno.number(), errno.toString(), text);
  }
}
