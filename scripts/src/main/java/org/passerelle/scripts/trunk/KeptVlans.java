package org.passerelle.scripts.trunk;

import java.util.SortedSet;
import org.passerelle.link.os.IngressVlans;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.wire.VlanId;

/** The VLANs whose frames a bridge does not get that the NIC is a port of: a filter at the NIC. */
final class KeptVlans {
  private final Attempts attempts;

  /** Unknown at the start. */
  private SortedSet<VlanId> asked;

  private boolean refused;

  KeptVlans(Attempts attempts) {
    this.attempts = attempts;
  }

  /** From now on it is these. What was refused is not asked for again by the same VLANs. */
  void keep(Link line, SortedSet<VlanId> vlans) {
    if (!vlans.equals(asked)) {
      asked = vlans;
      ask(line);
    }
  }

  /** Whether the filter is not what it is to be, and may become so. */
  boolean isRefused() {
    return refused;
  }

  void tryAgain(Link line) {
    if (refused) {
      ask(line);
    }
  }

  private void ask(Link line) {
    refused =
        attempts
            .make(
                "keep VLANs from the bridge that " + line.name() + " may be a port of",
                () -> put(line))
            .filter(Passing::isOne)
            .isPresent();
  }

  private void put(Link line) {
    if (asked.isEmpty()) {
      IngressVlans.end(line.index(), line.name());
    } else {
      IngressVlans.drop(line.index(), line.name(), asked);
    }
  }
}
