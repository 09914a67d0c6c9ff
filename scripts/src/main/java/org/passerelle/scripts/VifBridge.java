package org.passerelle.scripts;

import java.util.Optional;
import org.passerelle.bridge.VifAttachment;
import org.passerelle.link.plan.Host;
import org.passerelle.natroute.GuestAddresses;
import org.passerelle.vlan.VifTrunk;

/**
 * {@code vif-bridge online|offline} for a vif, {@code add|remove} for an emulated NIC's tap: its
 * host end becomes a port of a bridge, and is released.
 */
public final class VifBridge extends VifScript {

  public VifBridge() {
    super("vif-bridge");
  }

  @Override
  void attach(VifRun run) {
    run.refuseServices();
    VifSettings settings = VifSettings.read(run.call(), run.store());
    Optional<VifTrunk> trunk = settings.trunk();
    trunk.ifPresent(one -> refuseTagsOfGuarded(run, one));
    run.recover();
    Host host = run.host();
    VifAttachment attachment = trunk.map(one -> one.untagged(host)).orElseGet(settings::attachment);
    trunk.ifPresent(one -> run.info("vlan=: " + one.grant()));
    run.attach(
        attachment.vif(),
        host,
        live ->
            trunk.map(one -> one.attach(host, live)).orElseGet(() -> attachment.attach(host, live)),
        () -> VifSettings.setting(run.call(), run.store(), "ip").map(GuestAddresses::parse),
        () ->
            run.store()
                .connected(attachment.mtu().orElseGet(() -> attachment.findBridge(host).mtu())));
    run.succeeded(attachment.attachedName(), ", bridge " + attachment.findBridge(host).name());
  }

  /** The guard is before the vif, and knows no tags. */
  private static void refuseTagsOfGuarded(VifRun run, VifTrunk trunk) {
    if (run.isGuarded() && !trunk.grant().tagged().isEmpty()) {
      throw new ScriptException(
          "antispoof=yes cannot be had for a vif that tags its frames (vlan=: "
              + trunk.grant()
              + "), so it is not attached; give it a vif for each VLAN");
    }
  }

  @Override
  void detach(VifRun run) {
    VifSettings settings = VifSettings.readName(run.call(), run.store());
    VifAttachment attachment = settings.attachment();
    run.recover();
    Host host = run.host();
    run.release(
        attachment.vif(),
        host,
        settings.vlan().isPresent() ? VifTrunk.detach(attachment, host) : attachment.detach(host));
  }
}
