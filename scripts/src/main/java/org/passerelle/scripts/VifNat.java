package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.natroute.GuestAddresses;
import org.passerelle.natroute.NatVif;
import org.passerelle.natroute.PortForward;

/**
 * {@code vif-nat online|offline}: dom0 is the guest's router, and outside the guest is seen in
 * dom0's name. Settings: {@code ip} (computed when there is none), {@code forward}.
 */
public final class VifNat extends VifScript {

  public VifNat() {
    super("vif-nat");
  }

  @Override
  void attach(VifRun run) {
    VifSettings.refuseAntispoof(run.arguments(), run.call().device());
    String dhcp = run.call().valueOf("dhcp");
    ForwardingScript.refuseDhcp(dhcp.isEmpty() ? "no" : dhcp);
    VifDevice device = VifSettings.device(run.call(), run.store());
    if (run.call().isVif()) {
      attach(run, new NatVif(device, guest(run), forwards(run)));
    } else {
      run.recover();
      run.release(device.attachedName(), NatVif.name(run.host(), device));
    }
  }

  private static void attach(VifRun run, NatVif vif) {
    run.recover();
    Host host = run.host();
    Plan plan = vif.attach(host, KernelRelease.renamesLive());
    vif.guest().remark(host).ifPresent(run::warn);
    ForwardMark mark = run.forwardMark();
    if (!vif.forwards().isEmpty()) {
      mark.set();
    }
    run.attach(vif.vif().attachedName(), plan, run.store().connected());
    run.succeeded(vif.vif().attachedName(), "");
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
    if (!run.call().isVif()) {
      return;
    }
    VifDevice device = VifSettings.deviceToRelease(run.call(), run.store().tolerant());
    run.recover();
    ForwardMark mark = run.forwardMark();
    run.release(
        device.attachedName(),
        new NatVif(device, new GuestAddresses(List.of()), List.of())
            .detach(run.host(), mark.isSet()));
    if (!run.arguments().dryRun()) {
      mark.remove();
    }
  }
}
