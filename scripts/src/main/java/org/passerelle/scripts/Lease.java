package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.passerelle.bridge.BridgedNic;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Link;

/**
 * A NIC's leased address before a start or a stop; or, under who is upset by renaming, any other
 * that would go with it.
 *
 * @param link the device that has it
 */
record Lease(BridgedNic nic, Link link, Address address, LeaseKeeper keeper) {

  /** Before a start. */
  static Optional<Lease> of(BridgedNic nic, Host host, HostFiles files) {
    return on(nic.netdev(), nic, host, files);
  }

  /**
   * Before a stop; none where who renews it has stayed with the NIC, and is right again after it.
   */
  static Optional<Lease> onBridge(BridgedNic nic, Host host, HostFiles files) {
    return on(nic.devices().getFirst(), nic, host, files)
        .filter(lease -> lease.keeper() != LeaseKeeper.NOBODY || !isKept(nic, host, files));
  }

  private static boolean isKept(BridgedNic nic, Host host, HostFiles files) {
    return host.link(nic.netdev())
        .filter(link -> LeaseKeeper.of(link, files) != LeaseKeeper.NOBODY)
        .isPresent();
  }

  private static Optional<Lease> on(String device, BridgedNic nic, Host host, HostFiles files) {
    return host.link(device).flatMap(link -> on(link, nic, host, LeaseKeeper.of(link, files)));
  }

  /** DHCP's are IPv4; IPv6's with a lifetime are mostly the kernel's own, from advertisements. */
  private static Optional<Lease> on(Link link, BridgedNic nic, Host host, LeaseKeeper keeper) {
    List<Lease> all =
        host.addresses(link.name()).stream()
            .filter(address -> !address.local().isV6())
            .map(address -> new Lease(nic, link, address, keeper))
            .toList();
    return all.stream()
        .filter(Lease::isRenewed)
        .findFirst()
        .or(() -> all.stream().filter(_ -> keeper.isUpsetByRenaming()).findFirst());
  }

  /**
   * Not where it is there for ever, by dhcpcd.conf's {@code static ip_address=} or a lease without
   * end.
   */
  private boolean isRenewed() {
    return keeper.hidesLifetimes() || address.validSeconds() != Address.FOREVER;
  }

  /**
   * Throws {@link ScriptException} when the plan would rename the device, and who renews the lease
   * would take the address away in the middle of it.
   */
  void requireKept(Supplier<Plan> plan) {
    boolean renamed = nic.devices().getFirst().equals(nic.netdev());
    if (keeper.isUpsetByRenaming() && renamed && !plan.get().isEmpty()) {
      throw new ScriptException(
          nic.netdev()
              + (isRenewed() ? ": dhcpcd renews " : ": dhcpcd keeps ")
              + address.local().address().getHostAddress()
              + ", and takes it away when a device is renamed; use generation=keep, or end dhcpcd"
              + " first (dhcpcd -x, with persistent in /etc/dhcpcd.conf, or the address goes)");
    }
  }

  /** What people should know after the start; nothing where the device has its address still. */
  List<String> advice(Host after) {
    String device = nic.devices().getFirst();
    return isRenewed() && hasMoved(after, device)
        ? new LeaseAdvice(keeper, address.local(), nic.netdev(), device, link.mac()).lines()
        : List.of();
  }

  /** The same after a stop. */
  List<String> adviceBack(Host after) {
    return isRenewed() && hasMoved(after, nic.netdev())
        ? new LeaseReturn(keeper, address.local(), link.name(), nic.netdev()).lines()
        : List.of();
  }

  private boolean hasMoved(Host after, String device) {
    return after.link(device).filter(there -> there.index() != link.index()).isPresent()
        && after.addresses(device).stream()
            .anyMatch(there -> there.local().equals(address.local()));
  }
}
