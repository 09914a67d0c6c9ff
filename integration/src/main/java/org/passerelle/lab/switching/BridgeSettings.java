package org.passerelle.lab.switching;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkKind;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.VlanFiltering;

/**
 * How a bridge is set.
 *
 * @param kind each of its settings
 * @param givenMac somebody chose its address; otherwise it is the lowest of its ports'
 * @param givenMtu somebody chose its MTU; otherwise it is the smallest of its ports'
 */
record BridgeSettings(BridgeKind kind, boolean givenMac, boolean givenMtu) {
  /** Linux's defaults (br_dev_setup in br_device.c), and IEEE 802.1D-2004's. */
  private static final BridgeKind DEFAULTS =
      new BridgeKind(
          OptionalInt.of(0),
          OptionalInt.of(1500),
          OptionalInt.of(30_000),
          Optional.of(new VlanFiltering(false)));

  /** Those of a new bridge; throws KernelException when it cannot be had. */
  static BridgeSettings of(LinkSpec spec) {
    BridgeKind asked = BridgeKind.of(spec.kind().data());
    requireNoSpanningTree(asked, "create " + spec.name());
    return new BridgeSettings(
        merged(asked, DEFAULTS), spec.mac().isPresent(), spec.mtu().isPresent());
  }

  /** These after a change; throws KernelException when it cannot be had. */
  BridgeSettings after(LinkChange change, String operation) {
    BridgeKind asked = BridgeKind.of(change.kind().map(LinkKind::data).orElse(List.of()));
    requireNoSpanningTree(asked, operation);
    return new BridgeSettings(
        merged(asked, kind),
        givenMac || change.mac().isPresent(),
        givenMtu || change.mtu().isPresent());
  }

  private static void requireNoSpanningTree(BridgeKind asked, String operation) {
    if (asked.stpState().orElse(0) != 0) {
      throw Refusals.of(
          operation + " stp_state " + asked.stpState().getAsInt(),
          Refusal.EOPNOTSUPP,
          "a bridge in user space has no spanning tree; leave it out, or use the kernel's");
    }
  }

  private static BridgeKind merged(BridgeKind asked, BridgeKind before) {
    return new BridgeKind(
        either(asked.stpState(), before.stpState()),
        either(asked.forwardDelay(), before.forwardDelay()),
        either(asked.ageingTime(), before.ageingTime()),
        asked.filtering().or(before::filtering));
  }

  /** Whether it looks at tags. */
  boolean filters() {
    return kind.filtering().filter(VlanFiltering::on).isPresent();
  }

  private static OptionalInt either(OptionalInt first, OptionalInt second) {
    return first.isPresent() ? first : second;
  }
}
