package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.RunMark;
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
      attach(run, new NatVif(device, guest(run), forwards(run), places(run).known()));
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

  private static void attach(VifRun run, NatVif vif) {
    run.recover();
    vif.guest().remark(run.host(), vif.vif()).ifPresent(run::warn);
    if (vif.forwards().isEmpty() && !run.forwardMark().isSet()) {
      carryOut(run, vif);
    } else {
      run.whileTableStays(() -> withForwards(run, vif));
    }
    run.succeeded(vif.vif().attachedName(), "");
  }

  private static void withForwards(VifRun run, NatVif vif) {
    if (run.arguments().dryRun()) {
      carryOut(run, vif);
      return;
    }
    TablePlaces places = places(run);
    places.adding(vif.places());
    carryOut(run, vif);
    if (vif.forwards().isEmpty()) {
      run.forwardMark().remove();
    } else {
      places.set(vif.places());
    }
  }

  private static TablePlaces places(VifRun run) {
    return new TablePlaces(run.forwardMark());
  }

  private static void carryOut(VifRun run, NatVif vif) {
    Host host = run.host();
    Plan told = new VifLease(run, vif.vif()).attach(host, vif.guest());
    run.attach(
        vif.vif(),
        host,
        live -> vif.attach(host, live).then(told),
        () -> Optional.of(vif.guest().alone()),
        run.store()::connected);
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
    NatVif vif = new NatVif(device, new GuestAddresses(List.of()), List.of(), places(run).known());
    RunMark mark = run.forwardMark();
    if (mark.isSet()) {
      run.whileTableStays(() -> release(run, vif, true));
    } else {
      release(run, vif, false);
    }
    if (!run.arguments().dryRun()) {
      mark.remove();
    }
  }

  private static void release(VifRun run, NatVif vif, boolean withForwards) {
    Host host = run.host();
    VifLease lease = new VifLease(run, vif.vif());
    run.release(vif.vif(), host, vif.detach(host, withForwards), lease::forget);
  }
}
