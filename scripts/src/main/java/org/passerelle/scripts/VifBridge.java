package org.passerelle.scripts;

import java.util.Optional;
import org.passerelle.bridge.VifAttachment;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.rtnl.Link;
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
    VifSettings settings = VifSettings.read(run.call(), run.store());
    VifSettings.refuseAntispoof(run.arguments(), run.call().device());
    run.recover();
    Host host = run.host();
    boolean live = KernelRelease.renamesLive();
    Optional<VifTrunk> trunk = settings.trunk();
    VifAttachment attachment = trunk.map(one -> one.untagged(host)).orElseGet(settings::attachment);
    Plan plan =
        trunk.map(one -> one.attach(host, live)).orElseGet(() -> attachment.attach(host, live));
    trunk.ifPresent(one -> run.info("vlan=: " + one.grant()));
    Link bridge = attachment.findBridge(host);
    run.attach(
        attachment.attachedName(),
        plan,
        run.store().connected(attachment.mtu().orElse(bridge.mtu())));
    run.succeeded(attachment.attachedName(), ", bridge " + bridge.name());
  }

  @Override
  void detach(VifRun run) {
    VifSettings settings = VifSettings.readName(run.call(), run.store());
    VifAttachment attachment = settings.attachment();
    run.recover();
    Host host = run.host();
    run.release(
        attachment.attachedName(),
        settings.vlan().isPresent() ? VifTrunk.detach(attachment, host) : attachment.detach(host));
  }
}
