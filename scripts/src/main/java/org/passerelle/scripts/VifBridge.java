package org.passerelle.scripts;

import org.passerelle.bridge.VifAttachment;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.rtnl.Link;

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
    settings.refuseWhatWeLack(run.arguments());
    VifAttachment attachment = settings.attachment();
    run.recover();
    Host host = run.host();
    Plan plan = attachment.attach(host, KernelRelease.renamesLive());
    Link bridge = attachment.findBridge(host);
    run.run(plan, run.store().connected(attachment.mtu().orElse(bridge.mtu())));
    run.succeeded(attachment.attachedName(), ", bridge " + bridge.name());
  }

  @Override
  void detach(VifRun run) {
    VifAttachment attachment = VifSettings.readName(run.call(), run.store()).attachment();
    run.recover();
    run.run(attachment.detach(run.host()));
  }
}
