package org.passerelle.natroute;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.list.Lists;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.SetDhcpHost;
import org.passerelle.link.plan.SetDhcpUser;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.DhcpHost;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/**
 * {@code dhcp=yes}: a guest in NAT mode is told its address, its router and its name by DHCP. It is
 * told the first of its IPv4 addresses, and heard on its own vif only.
 *
 * @param name the guest's, see {@link GuestName}
 */
public record GuestLease(VifDevice vif, MacAddress mac, GuestAddresses guest, String name) {

  /** The address that the guest is told; IPv6 needs no DHCP server of ours. */
  public Optional<InetAddress> address() {
    return Lists.first(guest.all(), one -> !one.isV6()).map(IpPrefix::address);
  }

  /**
   * Plans what the server is to be told, of a vif that is attached by then; empty when it knows.
   */
  public Plan attach(Host host) {
    if (!host.isDhcpRunning() && host.dhcpUsers().isEmpty()) {
      throw new RefusedException("dhcp=yes works once network-nat is started with dhcp=yes");
    }
    PlanSteps steps = new PlanSteps(host);
    Optional<DhcpHost> wanted = address().map(this::entry);
    List<DhcpHost> known = known(host);
    Lists.filter(known, one -> !wanted.equals(Optional.of(one)) && isInTheWay(one, host))
        .forEach(one -> forget(steps, one));
    wanted
        .filter(one -> !known.contains(one))
        .ifPresent(one -> steps.add(new SetDhcpHost(one, true), "the guest asks for its address"));
    return steps.build();
  }

  /** What was said of this vif, or of others with its address. */
  private List<DhcpHost> known(Host host) {
    List<DhcpHost> known = new ArrayList<>();
    host.dhcpHost(vif.device()).ifPresent(known::add);
    address().ifPresent(one -> known.addAll(host.dhcpHosts(one)));
    return Lists.distinct(known);
  }

  private DhcpHost entry(InetAddress address) {
    if (!DhcpHost.isDevice(vif.attachedName())) {
      throw new RefusedException(
          "dhcp=yes: no DHCP server can be told of a device called " + vif.attachedName());
    }
    return new DhcpHost(
        vif.device(), vif.attachedName(), mac, address, RouterAddress.of(address), name);
  }

  /** What was said of this vif before, and of one that is gone. */
  private boolean isInTheWay(DhcpHost other, Host host) {
    return other.vif().equals(vif.device()) || host.link(other.device()).isEmpty();
  }

  /** Plans that the server forgets a vif's guest. */
  public static Plan detach(Host host, VifDevice vif) {
    PlanSteps steps = new PlanSteps(host);
    host.dhcpHost(vif.device()).ifPresent(one -> forget(steps, one));
    return steps.build();
  }

  private static void forget(PlanSteps steps, DhcpHost one) {
    steps.add(new SetDhcpHost(one, false), "that guest is not there any more");
  }

  /** The host's part: that a server runs for {@code user}. Refuses where none can be had. */
  public static void addServer(PlanSteps steps, String user) {
    // Asked always: where there is no server nothing is to be begun.
    boolean running = steps.host().isDhcpRunning();
    if (!running || !steps.host().dhcpUsers().contains(user)) {
      steps.add(new SetDhcpUser(user, true), "guests are told their addresses");
    }
  }

  /** Who tells guests, for a status; empty when {@code user} has no server. */
  public static Optional<String> server(Host host, String user) {
    return host.dhcpUsers().contains(user) ? Optional.of(host.dhcpServer()) : Optional.empty();
  }

  /** That none runs for {@code user} any more. */
  public static void removeServer(PlanSteps steps, String user) {
    if (steps.host().dhcpUsers().contains(user)) {
      steps.add(new SetDhcpUser(user, false), "nobody is told an address any more");
    }
  }
}
