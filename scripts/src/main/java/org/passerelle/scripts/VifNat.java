package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.natroute.GuestAddresses;
import org.passerelle.natroute.NatVif;
import org.passerelle.natroute.PortForward;
import org.passerelle.scripts.UsageEntry.Kind;

/**
 * {@code vif-nat online|offline}: dom0 is the guest's router, and outside the guest is seen in
 * dom0's name. Settings: {@code ip} (computed when there is none), {@code forward}, {@code dhcp}.
 */
public final class VifNat extends VifScript {
  private static final Usage USAGE =
      Usage.ofVif(
          "vif-nat",
          "Routes to a guest that is seen outside in dom0's name, and releases it. The toolstack"
              + " runs it.",
          List.of(
              UsageEntry.setting("ip", "the guest's addresses", "10.0.DOMID.1, of its first vif"),
              UsageEntry.setting(
                  "forward", "ports of dom0's that lead to the guest, as tcp:8080:80", "none"),
              UsageEntry.setting(
                  Dhcp.KEY, "yes, no: whether the guest is told its address", "as network-nat"),
              UsageTables.GUARDED,
              UsageTables.LIMITED,
              UsageEntry.node(
                  "frontend-id", "the guest's domain, where there is no ip, and for dhcp", ""),
              UsageEntry.node("handle", "which of its vifs, likewise", ""),
              UsageEntry.of(
                  Kind.STORE,
                  "/local/domain/DOMID",
                  "name, or that of its vm: what DHCP calls the guest")));

  public VifNat() {
    super(USAGE);
  }

  @Override
  void attach(VifRun run) {
    VifDevice device = VifSettings.device(run.call(), run.store());
    if (run.call().isVif()) {
      attach(run, device);
    } else {
      run.recover();
      Host host = run.host();
      run.attach(
          device,
          host,
          live -> NatVif.name(host, device),
          () -> Optional.of(guest(run).alone()),
          run.store()::connected);
    }
  }

  private static void attach(VifRun run, VifDevice device) {
    VifPorts ports = new VifPorts(run, device);
    VifWays ways = new VifWays(run);
    NatVif vif = new NatVif(device, guest(run), forwards(run), ports.known(), ways.known());
    run.recover();
    vif.guest().remark(run.host(), device).ifPresent(run::warn);
    vif.remark().ifPresent(run::warn);
    OtherModes bridged = new OtherModes(run, new VifVlans(run, device));
    ways.whileMaking(
        vif.ways(run.host()),
        () ->
            ports.whileMaking(
                vif.places(), () -> bridged.whileLeaving(() -> attach(run, vif, bridged))));
    run.succeeded(device.attachedName(), "");
  }

  private static void attach(VifRun run, NatVif vif, OtherModes bridged) {
    Host host = run.host();
    VifLease lease = new VifLease(run, vif.vif());
    Plan told = lease.attach(host, vif.guest());
    run.attach(
        vif.vif(),
        host,
        live -> bridged.plan(host).then(vif.attach(host, live)).then(told),
        () -> Optional.of(vif.guest().alone()),
        run.store()::connected);
    lease.attached();
  }

  private static GuestAddresses guest(VifRun run) {
    Optional<String> ip = VifSettings.setting(run.call(), run.store(), "ip");
    return ip.isPresent()
        ? GuestAddresses.parse(ip.get())
        : NatVif.computed(run.store().number("frontend-id"), run.store().number("handle"));
  }

  private static List<PortForward> forwards(VifRun run) {
    return PortForward.parse(VifSettings.setting(run.call(), run.store(), "forward").orElse(""));
  }

  @Override
  void detach(VifRun run) {
    VifDevice device = VifSettings.deviceToRelease(run, run.store().tolerant());
    run.recover();
    if (!run.call().isVif()) {
      run.unguard(device, run.host());
      return;
    }
    VifPorts ports = new VifPorts(run, device);
    ports.whileMaking(List.of(), () -> release(run, device, ports));
  }

  private static void release(VifRun run, VifDevice device, VifPorts ports) {
    Host host = run.host();
    Plan released = NatVif.detach(host, device, ports.known(), ports.isThere(host));
    OtherModes others =
        new OtherModes(
            run,
            new VifLease(run, device),
            new VifWays(run),
            new VifVlans(run, device),
            new BridgePort(device));
    run.release(device, host, released, others::release);
  }
}
