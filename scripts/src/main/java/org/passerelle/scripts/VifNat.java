package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.natroute.GuestAddresses;
import org.passerelle.natroute.GuestLease;
import org.passerelle.natroute.GuestName;
import org.passerelle.natroute.NatVif;
import org.passerelle.natroute.PortForward;

/**
 * {@code vif-nat online|offline}: dom0 is the guest's router, and outside the guest is seen in
 * dom0's name. Settings: {@code ip} (computed when there is none), {@code forward}, {@code dhcp}.
 */
public final class VifNat extends VifScript {

  public VifNat() {
    super("vif-nat");
  }

  @Override
  void attach(VifRun run) {
    VifDevice device = VifSettings.device(run.call(), run.store());
    if (run.call().isVif()) {
      attach(run, new NatVif(device, guest(run), forwards(run)));
    } else {
      run.recover();
      Host host = run.host();
      run.attach(
          device,
          host,
          live -> NatVif.name(host, device),
          () -> Optional.of(guest(run).alone()),
          run.store()::connected);
    }
  }

  private static void attach(VifRun run, NatVif vif) {
    run.recover();
    vif.guest().remark(run.host()).ifPresent(run::warn);
    if (vif.forwards().isEmpty()) {
      carryOut(run, vif);
    } else {
      run.whileTableStays(
          () -> {
            if (!run.arguments().dryRun()) {
              run.forwardMark().set("");
            }
            carryOut(run, vif);
          });
    }
    run.succeeded(vif.vif().attachedName(), "");
  }

  private static void carryOut(VifRun run, NatVif vif) {
    Host host = run.host();
    Plan told = lease(run, vif, host);
    run.attach(
        vif.vif(),
        host,
        live -> vif.attach(host, live).then(told),
        () -> Optional.of(vif.guest().alone()),
        run.store()::connected);
  }

  /** What the DHCP server is to be told, or to forget of an earlier attachment. */
  private static Plan lease(VifRun run, NatVif vif, Host host) {
    if (!isDhcpWanted(run, host)) {
      return GuestLease.detach(host, vif.vif());
    }
    int domain = run.store().number("frontend-id");
    GuestLease lease =
        new GuestLease(
            vif.vif(),
            run.store().mac("dhcp=yes"),
            vif.guest(),
            GuestName.of(run.store().domainName(domain), domain, run.store().number("handle")));
    if (lease.address().isEmpty()) {
      run.warn("dhcp=yes: the guest has no IPv4 address, so that there is nothing to tell it");
    }
    try {
      return lease.attach(host);
    } catch (KernelException e) {
      throw new ScriptException("dhcp=yes cannot be had: " + e.getMessage(), e);
    }
  }

  /** A network-nat with dhcp=yes means all vifs, but those that say otherwise. */
  private static boolean isDhcpWanted(VifRun run, Host host) {
    Optional<String> word = VifSettings.setting(run.call(), run.store(), Dhcp.KEY);
    return word.isEmpty() && !host.dhcpUsers().isEmpty() || Dhcp.isWanted(word);
  }

  private static GuestAddresses guest(VifRun run) {
    Optional<String> ip = VifSettings.setting(run.call(), run.store(), "ip");
    return ip.isPresent()
        ? GuestAddresses.parse(ip.get())
        : NatVif.computed(run.store().number("frontend-id"), run.store().number("handle"));
  }

  private static List<PortForward> forwards(VifRun run) {
    return PortForward.parse(VifSettings.setting(run.call(), run.store(), "forward").orElse(""));
  }

  @Override
  void detach(VifRun run) {
    VifDevice device = VifSettings.deviceToRelease(run.call(), run.store().tolerant());
    run.recover();
    if (!run.call().isVif()) {
      run.unguard(device, run.host());
      return;
    }
    NatVif vif = new NatVif(device, new GuestAddresses(List.of()), List.of());
    RunMark mark = run.forwardMark();
    if (!mark.isSet()) {
      release(run, vif, false);
      return;
    }
    run.whileTableStays(() -> release(run, vif, true));
    if (!run.arguments().dryRun()) {
      mark.remove();
    }
  }

  private static void release(VifRun run, NatVif vif, boolean withForwards) {
    Host host = run.host();
    run.release(
        vif.vif(), host, vif.detach(host, withForwards).then(GuestLease.detach(host, vif.vif())));
  }
}
