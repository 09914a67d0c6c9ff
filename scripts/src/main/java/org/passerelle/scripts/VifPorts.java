package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.TableKey;
import org.passerelle.natroute.NatVif;

/**
 * Ports of dom0's that lead to a vif's guest, {@code forward=}: where its mark says they may be.
 */
final class VifPorts implements Leftover {
  private final VifRun run;
  private final VifDevice vif;
  private final TablePlaces places;

  VifPorts(VifRun run, VifDevice vif) {
    this.run = run;
    this.vif = vif;
    this.places = new TablePlaces(run.forwardMark());
  }

  Optional<List<TableKey>> known() {
    return places.known();
  }

  /** Makes what is wanted, and leaves nothing else; marked from before there may be some. */
  void whileMaking(List<TableKey> wanted, Runnable task) {
    if (wanted.isEmpty() && !places.mark().isSet()) {
      task.run();
    } else {
      run.whileTableStays(() -> whileMarked(wanted, task));
    }
  }

  private void whileMarked(List<TableKey> wanted, Runnable task) {
    if (run.arguments().dryRun()) {
      task.run();
      return;
    }
    places.adding(wanted);
    task.run();
    if (wanted.isEmpty()) {
      forget();
    } else {
      places.set(wanted);
    }
  }

  @Override
  public boolean isThere(Host host) {
    return places.mark().isSet();
  }

  @Override
  public boolean isInTable() {
    return true;
  }

  @Override
  public Plan without(Host host) {
    return NatVif.withoutForwards(host, vif, known());
  }

  @Override
  public void forget() {
    places.mark().remove();
  }

  @Override
  public String words() {
    return "ports of dom0's may lead to its guest";
  }
}
