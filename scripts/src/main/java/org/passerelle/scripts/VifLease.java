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
final class VifLease {
  private final VifRun run;
  private final VifDevice vif;

  VifLease(VifRun run, VifDevice vif) {
    this.run = run;
    this.vif = vif;
  }

  /** What is to be said once the vif is attached, or taken back of an earlier attachment. */
  Plan attach(Host host, GuestAddresses guest) {
    if (!isWanted(host)) {
      return detach(host);
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

  private Plan detach(Host host) {
    return run.leaseMark().isSet() ? GuestLease.detach(host, vif) : Plan.NONE;
  }

  /** Takes it back of a vif that is released, and stays so whatever becomes of this. */
  void forget() {
    try {
      run.carryOut(detach(run.host()));
      if (!run.arguments().dryRun()) {
        run.leaseMark().remove();
      }
    } catch (RuntimeException e) {
      run.warn(
          "the vif is released, and the DHCP server may know its guest until the vif's name is used"
              + " again: "
              + Failures.line(e));
    }
  }
}
