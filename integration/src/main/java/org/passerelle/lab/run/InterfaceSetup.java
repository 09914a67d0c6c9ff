package org.passerelle.lab.run;

import org.passerelle.lab.model.Located;
import org.passerelle.lab.model.Settings;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.AddressFlags;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.wire.IpPrefix;

/** Sets an interface as its station's administrator does: up, addresses, gateways, routes. */
final class InterfaceSetup {
  private InterfaceSetup() {}

  static void apply(Kernel kernel, String device, Settings settings) {
    kernel.change(device, LinkChange.builder().up(true).build());
    addresses(kernel, device, settings);
    routes(kernel, device, settings);
  }

  /** IPv6 addresses need not wait: the file has been searched for duplicates. */
  static void addresses(Kernel kernel, String device, Settings settings) {
    for (Located<IpPrefix> located : settings.addresses()) {
      Address address = Address.of(device, located.value());
      kernel.add(located.value().isV6() ? address.withFlags(AddressFlags.NODAD) : address);
    }
  }

  static void routes(Kernel kernel, String device, Settings settings) {
    settings
        .gateways()
        .forEach(
            gateway -> {
              boolean v6 = gateway.value().getAddress().length == 16;
              IpPrefix all = IpPrefix.parse(v6 ? "::/0" : "0.0.0.0/0");
              kernel.add(Route.via(all, gateway.value(), device));
            });
    settings
        .routes()
        .forEach(
            route ->
                kernel.add(
                    Route.via(route.value().destination(), route.value().gateway(), device)));
  }
}
