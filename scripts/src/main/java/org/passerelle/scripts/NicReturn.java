package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import org.passerelle.bridge.BridgedNic;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.plan.Host;

/** What is to be known of a host before addresses move back to its NICs, and said after it. */
final class NicReturn {
  private final List<One> nics;

  /** One NIC's lease, and the bridge that somebody makes again with it. */
  private record One(Optional<Lease> lease, Optional<TakenBridge> taken) {
    static One of(BridgedNic nic, Host before, HostFiles files) {
      return new One(Lease.onBridge(nic, before, files), TakenBridge.of(nic, before, files));
    }

    List<String> advice(Host after) {
      return taken
          .map(TakenBridge::lines)
          .or(() -> lease.map(one -> one.adviceBack(after)))
          .orElse(List.of());
    }
  }

  NicReturn(List<BridgedNic> nics, Host before, HostFiles files) {
    this.nics = nics.stream().map(nic -> One.of(nic, before, files)).toList();
  }

  /** Throws {@link ScriptException} where a stop would cost dom0 its leased address. */
  void requireLeasesKept(Host before) {
    nics.stream()
        .flatMap(one -> one.lease().stream())
        .forEach(lease -> lease.requireKept(() -> lease.nic().stop(before, true)));
  }

  /** Where leases are to be renewed from now on, and which bridges come again. */
  List<String> advice(Host after) {
    return nics.stream().flatMap(one -> one.advice(after).stream()).toList();
  }
}
