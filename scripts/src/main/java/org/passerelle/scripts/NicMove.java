package org.passerelle.scripts;

import java.util.List;
import org.passerelle.bridge.BridgedNic;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.plan.Host;

/** What is to be known of a host before its NICs' addresses move to bridges, and said after it. */
final class NicMove {
  /** The original's, and its exit code, 0. */
  private static final String NETWORK_ROOT = "bridging not supported on network root; not starting";

  private final boolean overNetworkRoot;
  private final List<Lease> leases;

  NicMove(List<BridgedNic> nics, Host before, HostFiles files) {
    NetworkRoot root = new NetworkRoot(files);
    this.overNetworkRoot = nics.stream().anyMatch(nic -> root.isOver(nic, before));
    this.leases = nics.stream().flatMap(nic -> Lease.of(nic, before, files).stream()).toList();
  }

  /** Nothing is to be started where the root file system comes over a NIC, and that is logged. */
  boolean isRefused(ScriptLog log) {
    if (overNetworkRoot) {
      log.log(ScriptLog.Level.WARNING, NETWORK_ROOT);
    }
    return overNetworkRoot;
  }

  /** Throws {@link ScriptException} where a start would cost dom0 its leased address. */
  void requireLeasesKept(Host before) {
    leases.forEach(lease -> lease.requireKept(() -> lease.nic().start(before, true)));
  }

  /** Where leases are to be renewed from now on. */
  List<String> advice(Host after) {
    return leases.stream().flatMap(lease -> lease.advice(after).stream()).toList();
  }
}
