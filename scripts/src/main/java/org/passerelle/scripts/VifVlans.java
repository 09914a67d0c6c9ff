package org.passerelle.scripts;

import java.util.Optional;
import java.util.OptionalInt;
import org.passerelle.bridge.VifAttachment;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.VifDevice;

/** The VLANs of a vif that vif-bridge attached, for a script that has none. */
record VifVlans(VifTags tags, VifDevice vif) implements Leftover {
  VifVlans(VifRun run, VifDevice vif) {
    this(new VifTags(run), vif);
  }

  /** Where the kernel tags there is no mark. */
  @Override
  public boolean isThere(Host host) {
    return tags.isMarked() || vif.ifThere(host).filter(host::isBridgePort).isPresent();
  }

  @Override
  public Plan without(Host host) {
    return tags.forgotten(attachment(), host);
  }

  @Override
  public void forget() {
    tags.end(attachment());
  }

  private VifAttachment attachment() {
    return new VifAttachment(vif.device(), vif.name(), Optional.empty(), OptionalInt.empty());
  }

  @Override
  public String words() {
    return "its VLANs may be in their bridges";
  }
}
