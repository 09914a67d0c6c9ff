package org.passerelle.scripts;

import java.util.Optional;
import org.passerelle.bridge.VifAttachment;
import org.passerelle.link.os.TagFence;
import org.passerelle.link.plan.Announcement;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanException;
import org.passerelle.link.plan.RunMark;
import org.passerelle.link.rtnl.Link;
import org.passerelle.vlan.TaggedNic;
import org.passerelle.vlan.VifTrunk;

/**
 * What a vif needs beside its plan where the trunk process tags: the process, and the fence that
 * keeps tags from the bridge of its untagged side, which stands before the vif is a port, and while
 * nobody serves it. A mark holds that there may be those, and the name that the vif has then.
 */
final class VifTags {
  private final VifRun run;
  private final RunMark mark;

  VifTags(VifRun run) {
    this.run = run;
    this.mark = run.tagsMark();
  }

  /** Whether the vif may have been attached so. */
  boolean isMarked() {
    return mark.isSet();
  }

  /** The vif by the name under which it was attached, whatever it is to be called now. */
  VifAttachment attached(VifAttachment vif) {
    return mark.isSet()
        ? new VifAttachment(vif.device(), Optional.of(mark.word()), vif.bridge(), vif.mtu())
        : vif;
  }

  /** Before the vif is attached. The fence does no harm where that fails. */
  void attaching(VifTrunk trunk, Host host) {
    Link link = trunk.vif().vif().find(host);
    if (run.arguments().dryRun()) {
      run.print(TagFence.commands(link.name()));
    } else {
      mark.set(trunk.vif().attachedName());
      TagFence.put(link.index(), link.name());
    }
  }

  /**
   * What takes its VLANs away, for a vif that is to have none now. Where the kernel tags there is
   * no mark: a vif that is a port already may have some.
   */
  Plan forgotten(VifAttachment vif, Host host) {
    return mark.isSet() || isPort(vif, host)
        ? VifTrunk.withoutVlans(attached(vif), host)
        : Plan.NONE;
  }

  private static boolean isPort(VifAttachment vif, Host host) {
    return vif.vif().ifThere(host).filter(host::isBridgePort).isPresent();
  }

  /** What is said of a vif once the VLANs that the process is to serve are served, if any. */
  Announcement announced(Optional<VifTrunk> served, Announcement announcement) {
    Optional<TrunkService> process =
        served
            .filter(trunk -> !trunk.grant().tagged().isEmpty())
            .map(trunk -> process(trunk.vif().attachedName()));
    return new Announcement(
        announcement.proof(),
        () -> {
          process.ifPresent(this::require);
          announcement.say().run();
        });
  }

  private void require(TrunkService process) {
    if (run.arguments().dryRun()) {
      run.print(process.plan());
    } else {
      process.require();
    }
  }

  /** A vif that goes while it is released is released. */
  void requireGone(VifAttachment vif, PlanException failure) {
    if (!mark.isSet() || vif.vif().ifThere(run.host()).isPresent()) {
      throw failure;
    }
  }

  /** After a release, or an attachment in another way: nothing of this one is left. */
  void end(VifAttachment vif) {
    if (!mark.isSet() || run.arguments().dryRun()) {
      return;
    }
    process(mark.word()).awaitEnd();
    vif.vif().ifThere(run.host()).ifPresent(link -> TagFence.remove(link.index(), link.name()));
    mark.remove();
  }

  private TrunkService process(String name) {
    return run.trunk(new TaggedNic(name));
  }
}
