package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.list.Lists;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanException;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.RunMark;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.natroute.GuestServices;

/**
 * What the guest of a vif reaches of dom0: {@code services} of the vif's own in XenStore, the
 * command line or the environment, or of the host's network script. Asked for and not to be had,
 * the vif is not attached.
 *
 * @param wanted empty: everything
 * @param mark that the packet filter may have something for this vif, and where
 */
record VifServices(VifDevice vif, Optional<GuestServices> wanted, RunMark mark) {

  /** Whether the packet filter must be asked at all, which takes longer than all else. */
  boolean isConcerned() {
    return wanted.isPresent() || mark.isSet();
  }

  Plan attach(Host host) {
    if (!isConcerned()) {
      return Plan.NONE;
    }
    try {
      return GuestServices.attach(host, vif, wanted, places().known(), mark.isAlone());
    } catch (KernelException e) {
      throw new ScriptException("services= cannot be had: " + e.getMessage(), e);
    }
  }

  Plan detach(Host host) {
    return isConcerned()
        ? GuestServices.detach(host, vif, places().known(), mark.isAlone())
        : Plan.NONE;
  }

  /** The names that the filter may know the vif by: each of its keys begins with one. */
  List<String> names() {
    return Lists.distinct(
        Lists.map(places().known().orElse(List.of()), place -> place.parts().getFirst()));
  }

  private TablePlaces places() {
    return new TablePlaces(mark);
  }

  /** Marked from before there may be entries, whoever is killed meanwhile. */
  void whileAttaching(Runnable task) {
    boolean marked = mark.isSet();
    wanted.ifPresent(services -> places().adding(services.places(vif)));
    try {
      task.run();
    } catch (PlanException | RefusedException e) {
      // Others need not reckon with a vif of which nothing is left.
      if (!marked && !isHalfDone(e)) {
        mark.remove();
      }
      throw e;
    }
    wanted.ifPresentOrElse(services -> places().set(services.places(vif)), mark::remove);
  }

  private static boolean isHalfDone(RuntimeException failure) {
    return failure instanceof PlanException plan && !plan.troubles().isEmpty();
  }

  void detached() {
    mark.remove();
  }
}
