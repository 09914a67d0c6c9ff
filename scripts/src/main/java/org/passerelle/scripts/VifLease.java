package org.passerelle.scripts;

import java.util.Optional;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.natroute.GuestAddresses;
import org.passerelle.natroute.GuestLease;
import org.passerelle.natroute.GuestName;

/**
 * What a DHCP server is told of a vif's guest, {@code dhcp=yes}: of the vif's own in XenStore, the
 * command line or the environment, or of the host's network-nat. A vif has a mark from before
 * anything is said of it: without one nobody is asked at its release.
 */
final class VifLease implements Leftover {
  private final VifRun run;
  private final VifDevice vif;

  VifLease(VifRun run, VifDevice vif) {
    this.run = run;
    this.vif = vif;
  }

  /** What is to be said once the vif is attached, or taken back of an earlier attachment. */
  Plan attach(Host host, GuestAddresses guest) {
    if (!isWanted(host)) {
      return isThere(host) ? without(host) : Plan.NONE;
    }
    GuestLease lease =
        new GuestLease(vif, run.store().mac("dhcp=yes"), guest, name(run.store().number("handle")));
    if (lease.address().isEmpty()) {
      run.warn("dhcp=yes: the guest has no IPv4 address, so that there is nothing to tell it");
    }
    try {
      return marked(lease.attach(host));
    } catch (KernelException e) {
      throw new ScriptException("dhcp=yes cannot be had: " + e.getMessage(), e);
    }
  }

  private String name(int handle) {
    int domain = run.store().number("frontend-id");
    return GuestName.of(run.store().domainName(domain), domain, handle);
  }

  private Plan marked(Plan plan) {
    if (!run.arguments().dryRun()) {
      run.leaseMark().set("");
    }
    return plan;
  }

  /** A network-nat with dhcp=yes means all vifs, but those that say otherwise. */
  private boolean isWanted(Host host) {
    Optional<String> word = VifSettings.setting(run.call(), run.store(), Dhcp.KEY);
    return word.isEmpty() && !host.dhcpUsers().isEmpty() || Dhcp.isWanted(word);
  }

  /** Once that is carried out. */
  void attached() {
    Host host = run.host();
    if (!run.arguments().dryRun() && isThere(host) && !isWanted(host)) {
      forget();
    }
  }

  @Override
  public boolean isThere(Host host) {
    return run.leaseMark().isSet();
  }

  @Override
  public Plan without(Host host) {
    return GuestLease.detach(host, vif);
  }

  @Override
  public void forget() {
    run.leaseMark().remove();
  }

  @Override
  public String words() {
    return "the DHCP server may know its guest";
  }
}
