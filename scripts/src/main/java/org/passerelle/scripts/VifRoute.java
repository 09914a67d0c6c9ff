package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.natroute.GuestAddresses;
import org.passerelle.natroute.RoutedVif;

/**
 * {@code vif-route online|offline} for a vif, {@code add|remove} for an emulated NIC's tap: dom0
 * routes to the guest's addresses, {@code ip} in XenStore, and back.
 */
public final class VifRoute extends VifScript {
  private static final Usage USAGE =
      Usage.ofVif(
          "vif-route",
          "Routes to a guest by its vif, and releases it. The toolstack runs it.",
          List.of(
              UsageEntry.setting("ip", "the guest's addresses, which dom0 routes to it", "none"),
              UsageTables.GUARDED,
              UsageTables.LIMITED));

  private static final int TAP_METRIC = 1;
  private static final int VIF_METRIC = 2;

  public VifRoute() {
    super(USAGE);
  }

  @Override
  void attach(VifRun run) {
    VifDevice device = VifSettings.device(run.call(), run.store());
    String ip = VifSettings.setting(run.call(), run.store(), "ip").orElse("");
    RoutedVif vif = routed(run, device, GuestAddresses.parse(ip));
    run.recover();
    vif.guest().remark(run.host(), device).ifPresent(run::warn);
    OtherModes others = others(run, device);
    new VifWays(run)
        .whileMaking(
            vif.ways(run.host()), () -> others.whileLeaving(() -> attach(run, vif, others)));
    run.succeeded(device.attachedName(), "");
  }

  private static void attach(VifRun run, RoutedVif vif, OtherModes others) {
    Host host = run.host();
    run.attach(
        vif.vif(),
        host,
        live -> others.plan(host).then(vif.attach(host, live)),
        () -> Optional.of(vif.guest()),
        run.store()::connected);
  }

  private static OtherModes others(VifRun run, VifDevice device) {
    return new OtherModes(
        run, new VifVlans(run, device), new VifPorts(run, device), new VifLease(run, device));
  }

  private static void release(VifRun run, VifDevice device) {
    others(run, device).release();
    new OtherModes(run, new BridgePort(device)).release();
  }

  @Override
  void detach(VifRun run) {
    Optional<BackendStore> there = run.store().tolerant();
    VifDevice device = VifSettings.deviceToRelease(run, there);
    String ip = there.flatMap(s -> VifSettings.setting(run.call(), s, "ip")).orElse("");
    RoutedVif vif = routed(run, device, GuestAddresses.parseWhatCanBe(ip));
    run.recover();
    Host host = run.host();
    new VifWays(run)
        .whileMaking(
            List.of(),
            () -> run.release(device, host, vif.detach(host), () -> release(run, device)));
  }

  private static RoutedVif routed(VifRun run, VifDevice device, GuestAddresses guest) {
    String netdev = run.call().valueOf("netdev");
    return new RoutedVif(
        device,
        guest,
        netdev.isEmpty() ? "eth0" : netdev,
        run.call().isVif() ? VIF_METRIC : TAP_METRIC,
        new VifWays(run).known());
  }
}
