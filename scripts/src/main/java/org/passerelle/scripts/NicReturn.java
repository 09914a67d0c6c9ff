package org.passerelle.scripts;

import java.util.List;
import org.passerelle.bridge.BridgedNic;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.plan.Host;

/** What is to be known of a host before addresses move back to its NICs, and said after it. */
final class NicReturn {
  private final List<Lease> leases;

  NicReturn(List<BridgedNic> nics, Host before, HostFiles files) {
    this.leases =
        nics.stream().flatMap(nic -> Lease.onBridge(nic, before, files).stream()).toList();
  }

  /** Where leases are to be renewed from now on. */
  List<String> advice(Host after) {
    return leases.stream().flatMap(lease -> lease.adviceBack(after).stream()).toList();
  }
}
