package org.passerelle.scripts;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.passerelle.link.plan.AddAddress;
import org.passerelle.link.plan.AddRoute;
import org.passerelle.link.plan.Host;
import org.passerelle.link.rtnl.Link;
import org.passerelle.vlan.VlanDevice;

/** What {@code status} prints: devices with their addresses, then the routes. */
final class StatusReport {
  private static final String RULE = "=".repeat(60);

  private final Host host;
  private final List<String> devices;

  /**
   * @param devices in their order; some may not be there
   */
  StatusReport(Host host, List<String> devices) {
    this.host = host;
    this.devices = devices;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(RULE);
    for (String device : devices) {
      lines.addAll(device(device));
    }
    host.routes().forEach(route -> lines.add(words(AddRoute.of(route).command())));
    lines.add(RULE);
    return lines;
  }

  private List<String> device(String name) {
    List<String> lines = new ArrayList<>();
    host.link(name)
        .ifPresentOrElse(
            link -> lines.addAll(present(link)), () -> lines.add(name + ": not there"));
    return lines;
  }

  private List<String> present(Link link) {
    List<String> lines = new ArrayList<>();
    String master = host.master(link);
    lines.add(
        link.name()
            + ": "
            + (link.isUp() ? "up" : "down")
            + (link.isUp() && !link.isRunning() ? ", no carrier" : "")
            + ", "
            + link.mac()
            + ", mtu "
            + link.mtu()
            + tag(link)
            + (master.isEmpty() ? "" : ", port of " + master)
            + ports(link));
    host.addresses(link.name())
        .forEach(address -> lines.add("    " + words(new AddAddress(address, 0).command())));
    return lines;
  }

  private String tag(Link link) {
    return VlanDevice.of(host, link).map(vlan -> ", " + vlan).orElse("");
  }

  private String ports(Link link) {
    String ports = host.ports(link).stream().map(Link::name).collect(Collectors.joining(" "));
    return ports.isEmpty() ? "" : ", ports " + ports;
  }

  /** What follows the verb: the address or route in ip(8)'s words. */
  private static String words(String command) {
    return command.replaceFirst("^ip (-6 )?(address|route) [a-z]+ ", "");
  }
}
