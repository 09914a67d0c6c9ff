package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import org.passerelle.bridge.VifAttachment;
import org.passerelle.link.plan.Announcement;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanException;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.natroute.GuestAddresses;
import org.passerelle.scripts.UsageEntry.Kind;
import org.passerelle.vlan.Tagger;
import org.passerelle.vlan.VifTrunk;

/**
 * {@code vif-bridge online|offline} for a vif, {@code add|remove} for an emulated NIC's tap: its
 * host end becomes a port of a bridge, and is released.
 */
public final class VifBridge extends VifScript {
  private static final Usage USAGE =
      Usage.ofVif(
          "vif-bridge",
          "Makes a vif, or its tap, a port of a bridge, and releases it. The toolstack runs it.",
          List.of(
              UsageEntry.setting("bridge", "which", "the first that has a port"),
              UsageEntry.setting("ip", "the guest's addresses, for antispoof", ""),
              UsageTables.GUARDED,
              UsageEntry.setting(
                  Switching.KEY, "who tags for vlan: kernel, userspace, auto", "auto"),
              UsageEntry.setting(
                  HostServices.KEY, "any; all else is refused: not to be had with bridges", "any"),
              UsageEntry.node("vlan", "VLANs by their bridges, as 200, or 1p/100/200", "none"),
              UsageEntry.node("mtu", "of the vif, and told to the guest", "the bridge's"),
              UsageEntry.of(Kind.RESULT, "mtu", "in the guest's directory, device/vif/N")));

  public VifBridge() {
    super(USAGE);
  }

  @Override
  void attach(VifRun run) {
    run.refuseServices();
    VifSettings settings = VifSettings.read(run.call(), run.store());
    Optional<VifTrunk> trunk = settings.trunk(run.policy()::tagger);
    trunk.ifPresent(one -> refuseTagsOfGuarded(run, one));
    run.recover();
    Host host = run.host();
    VifAttachment attachment = trunk.map(one -> one.untagged(host)).orElseGet(settings::attachment);
    trunk.ifPresent(one -> run.info("vlan=: " + one.grant()));
    Optional<VifTrunk> served = trunk.filter(one -> one.tagger() == Tagger.TRUNK);
    VifTags tags = new VifTags(run);
    served.ifPresent(one -> tags.attaching(one, host));
    OtherModes routed = routed(run, attachment.vif());
    VifRun.Attaching attaching =
        live ->
            trunk
                .map(one -> one.attach(host, live))
                .orElseGet(
                    () -> tags.forgotten(attachment, host).then(attachment.attach(host, live)));
    routed.whileLeaving(
        () ->
            run.attach(
                attachment.vif(),
                host,
                live -> routed.plan(host).then(attaching.plan(live)),
                () -> VifSettings.setting(run.call(), run.store(), "ip").map(GuestAddresses::parse),
                () -> tags.announced(served, connected(run, attachment, host))));
    if (served.isEmpty()) {
      tags.end(attachment);
    }
    run.succeeded(attachment.attachedName(), ", bridge " + attachment.findBridge(host).name());
  }

  private static OtherModes routed(VifRun run, VifDevice vif) {
    return new OtherModes(run, new VifPorts(run, vif), new VifLease(run, vif), new VifWays(run));
  }

  private static Announcement connected(VifRun run, VifAttachment vif, Host host) {
    return run.store().connected(vif.mtu().orElseGet(() -> vif.findBridge(host).mtu()));
  }

  /** The guard is before the vif, and knows no tags. */
  private static void refuseTagsOfGuarded(VifRun run, VifTrunk trunk) {
    if (run.policy().isGuarded() && !trunk.grant().tagged().isEmpty()) {
      throw new ScriptException(
          "antispoof=yes cannot be had for a vif that tags its frames (vlan=: "
              + trunk.grant()
              + "), so it is not attached; give it a vif for each VLAN");
    }
  }

  @Override
  void detach(VifRun run) {
    VifSettings settings = VifSettings.readName(run);
    VifTags tags = new VifTags(run);
    VifAttachment attachment = tags.attached(settings.attachment());
    run.recover();
    Host host = run.host();
    Plan released =
        settings.vlan().isPresent() || tags.isMarked()
            ? VifTrunk.detach(attachment, host)
            : attachment.detach(host);
    Plan unrouted = new RouterAddresses(run, attachment.vif()).without(host);
    try {
      run.release(
          attachment.vif(), host, released.then(unrouted), routed(run, attachment.vif())::release);
    } catch (PlanException e) {
      tags.requireGone(attachment, e);
    }
    tags.end(attachment);
  }
}
