package org.passerelle.scripts;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.passerelle.link.list.Lists;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.RunMark;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.natroute.GuestAddresses;
import org.passerelle.natroute.GuestFilter;

/**
 * The guard of a vif, {@code antispoof=yes}: of the vif's own in XenStore, the command line or the
 * environment, or of the host's network script. Asked for and not to be had, the vif is not
 * attached.
 *
 * <p>A guard is bound to a name and outlives its link, so that each has a mark, under its name, of
 * the device that it was put before: it goes when that device is released, under whatever name, or
 * when another one is to have its name.
 */
final class VifGuard {
  private final VifRun run;
  private final VifDevice vif;
  private final boolean wanted;
  private final Path marks;

  /**
   * @param wanted whether it is asked for; a release need not know
   * @param marks the directory of the guards' marks
   */
  VifGuard(VifRun run, VifDevice vif, boolean wanted, Path marks) {
    this.run = run;
    this.vif = vif;
    this.wanted = wanted;
    this.marks = marks;
  }

  /**
   * What is to be done between the renaming and the going up.
   *
   * @param guest its addresses; empty when nobody said which
   */
  Plan attach(Host host, Supplier<Optional<GuestAddresses>> guest) {
    String named = vif.attachedName();
    List<String> left = left();
    if (!wanted) {
      return GuestFilter.detach(host, left);
    }
    GuestFilter filter = new GuestFilter(named, run.store().mac("antispoof=yes"), guest.get());
    if (filter.addresses().isEmpty()) {
      run.warn(
          "antispoof=yes without ip=: "
              + named
              + " is kept to its MAC, and is no DHCP server and no router; its addresses are not"
              + " looked at");
    }
    try {
      return filter.attach(host).then(GuestFilter.detach(host, left));
    } catch (KernelException e) {
      throw new ScriptException("antispoof=yes cannot be had: " + e.getMessage(), e);
    }
  }

  /** What takes the guard away, of a vif that is down by then. */
  Plan detach(Host host) {
    return GuestFilter.detach(host, names());
  }

  /** The names that were guarded for this device. */
  List<String> names() {
    return names(this::isOwn);
  }

  /** That there may be a guard from now on. */
  void mark() {
    if (wanted) {
      mark(vif.attachedName()).set(vif.device());
    }
  }

  /** That there is none any more but this one, if it was asked for. */
  void attached() {
    left().forEach(name -> mark(name).remove());
  }

  /** The names that were guarded for this device, or its name for any, and are not to be now. */
  private List<String> left() {
    String named = vif.attachedName();
    return names(name -> name.equals(named) ? !wanted : isOwn(name));
  }

  void detached() {
    names().forEach(name -> mark(name).remove());
  }

  private List<String> names(Predicate<String> which) {
    String[] all = marks.toFile().list();
    return all == null ? List.of() : Lists.sorted(Lists.filter(List.of(all), which));
  }

  private boolean isOwn(String name) {
    return mark(name).word().equals(vif.device());
  }

  private RunMark mark(String name) {
    return new RunMark(marks.resolve(name));
  }
}
