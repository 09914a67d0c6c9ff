package org.passerelle.bridge;

import java.util.OptionalInt;
import org.passerelle.link.plan.Configuration;
import org.passerelle.link.plan.Rename;
import org.passerelle.link.plan.SetLink;
import org.passerelle.link.rtnl.Link;

/** One device takes another's place: name, addresses, routes. Both ways of network-bridge. */
final class Handover {
  private final LinkSteps steps;
  private final Configuration configuration;

  Handover(LinkSteps steps, Configuration configuration) {
    this.steps = steps;
    this.configuration = configuration;
  }

  void rename(String from, String to, String reason) {
    steps.add(Rename.of(from, to), reason);
  }

  /** Addresses are here too; nobody need be asked for, who could not answer in between. */
  void addBeside(String device) {
    steps.addAll(configuration.addNeighbours(device), "known here too, and used at once");
    steps.addAll(configuration.addAddresses(device), "the address is to be here");
  }

  /** What goes out leaves by {@code to}, which has the addresses, and by it alone. */
  void move(String from, String to) {
    steps.addAll(configuration.moveRoutes(from, to), "the route moves");
    steps.addAll(configuration.removeAddresses(from), "the address has moved");
  }

  /** What a move must not leave behind on the device that has the addresses now. */
  void settle(String device, OptionalInt ipv6Generation) {
    steps.addAll(
        configuration.settleAddresses(device),
        "its address was valid before, which needed no detection; the flag goes again");
    if (ipv6Generation.isPresent() && ipv6Generation.getAsInt() != Link.IPV6_NONE) {
      steps.add(
          SetLink.ipv6Generation(device, ipv6Generation.getAsInt()),
          "link-local addresses are made as before");
    }
  }
}
