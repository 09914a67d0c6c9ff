package org.passerelle.bridge;

import java.util.Optional;
import java.util.OptionalInt;
import org.passerelle.link.plan.AddAddress;
import org.passerelle.link.plan.Configuration;
import org.passerelle.link.plan.RemoveAddress;
import org.passerelle.link.plan.SetLink;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.AddressFlags;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.wire.IpPrefix;

/** One device takes another's place: name, addresses, routes. Both ways of network-bridge. */
final class Handover {
  /** The prefix length of an IPv4 address that stands for itself alone. */
  private static final int SINGLE = 32;

  private static final String LISTENS = "the bridge takes what comes in for dom0 meanwhile";

  private final LinkSteps steps;
  private final Configuration configuration;

  Handover(LinkSteps steps, Configuration configuration) {
    this.steps = steps;
    this.configuration = configuration;
  }

  /** Addresses are here too; nobody need be asked for, who could not answer in between. */
  void addBeside(String device) {
    steps.addAll(configuration.addNeighbours(device), "known here too, and used at once");
    steps.addAll(configuration.addAddresses(device), "the address is to be here");
  }

  /**
   * For while the NIC is a port of the bridge and has dom0's MAC: what comes in for dom0 is the
   * bridge's own then. A kernel that looks at where it comes from (rp_filter) takes nothing by a
   * device that has no address of IPv4 (fib_validate_source, linux/net/ipv4/fib_frontend.c).
   */
  void listen(String bridge) {
    listening(bridge).ifPresent(address -> steps.add(new AddAddress(address, 0), LISTENS));
  }

  void listenNoMore(String bridge) {
    listening(bridge)
        .ifPresent(address -> steps.add(RemoveAddress.of(address, 0), "it need not any more"));
  }

  /**
   * One of dom0's, without a network; none when the bridge has some of its own, which are not those
   * that are handed over.
   */
  private Optional<Address> listening(String bridge) {
    boolean has =
        !bridge.equals(configuration.device())
            && steps.host().addresses(bridge).stream().anyMatch(one -> !one.local().isV6());
    return configuration.addresses().stream()
        .filter(one -> !has && !one.local().isV6())
        .findFirst()
        .map(one -> withoutNetwork(one, bridge));
  }

  /** The kernel takes two of one prefix for the same, and dom0's own may be put beside this one. */
  private Address withoutNetwork(Address dom0, String bridge) {
    IpPrefix single = new IpPrefix(dom0.local().address(), SINGLE);
    boolean taken = configuration.addresses().stream().anyMatch(one -> one.local().equals(single));
    return taken
        ? Address.of(bridge, new IpPrefix(single.address(), SINGLE - 1))
            .withFlags(AddressFlags.NOPREFIXROUTE)
        : Address.of(bridge, single);
  }

  /** What goes out leaves by {@code to}, which has the addresses, and by it alone. */
  void move(String from, String to) {
    moveRoutes(from, to);
    removeAddresses(from);
  }

  void moveRoutes(String from, String to) {
    steps.addAll(configuration.moveRoutes(from, to), "the route moves");
  }

  void removeAddresses(String from) {
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
