package org.passerelle.natroute;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.link.plan.SetEntry;
import org.passerelle.link.plan.SetTable;
import org.passerelle.link.rtnl.TableEntry;

/** The host's part of NAT mode: what leaves by {@code netdev} leaves in dom0's name. */
public record Masquerade(String netdev) {
  /** The set of the ways out. */
  static final String UPLINKS = "uplinks";

  private TableEntry entry() {
    return new TableEntry(UPLINKS, List.of(netdev), List.of(), "network-nat");
  }

  /** Whether it is so, by what is in our table. */
  public boolean isIn(List<TableEntry> table) {
    return table.contains(entry());
  }

  /** For a status: what leaves where in dom0's name. */
  public String words(Host host) {
    return isIn(host.entries(UPLINKS))
        ? "what leaves by " + netdev
        : "nothing: somebody has taken our rules away; start it again";
  }

  public void addMissing(PlanSteps steps) {
    Optional<List<TableEntry>> there = steps.host().table();
    if (there.isEmpty()) {
      steps.add(new SetTable(true), "a table of our own: nobody else's rules are touched");
    }
    if (!isIn(there.orElse(List.of()))) {
      steps.add(new SetEntry(entry(), true), "what leaves there leaves in dom0's name");
    }
  }

  /** The table goes with its last entry: a guest's ports stay as long as the guest. */
  public void remove(PlanSteps steps) {
    List<TableEntry> there = steps.host().table().orElse(List.of());
    if (isIn(there)) {
      steps.add(new SetEntry(entry(), false), "it leaves in its own name");
      if (there.size() == 1) {
        steps.add(new SetTable(false), "nothing is left in it");
      }
    }
  }

  /** Whether the table has these and no more: it has not as long as there is a way out. */
  static boolean isWithoutMore(List<TableEntry> entries, Host host) {
    return !entries.isEmpty()
        && host.entries(UPLINKS).isEmpty()
        && host.table().filter(all -> all.size() == entries.size()).isPresent();
  }
}
