package org.passerelle.vlan;

import java.util.List;
import java.util.Optional;
import org.passerelle.bridge.LinkSteps;
import org.passerelle.link.plan.DeleteLink;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkKind;
import org.passerelle.link.rtnl.TapKind;
import org.passerelle.link.wire.VlanId;

/**
 * The plan of {@code network-bridge-vlan stop}: what {@link VlanStart} made is deleted. Domains
 * that are attached are released with their bridge; a bridge or device of somebody else stays.
 */
final class VlanStop {
  private final TaggedNic tagged;
  private final Host host;
  private final String lower;
  private final LinkSteps steps;

  VlanStop(TaggedNic tagged, Host host, String lower) {
    this.tagged = tagged;
    this.host = host;
    this.lower = lower;
    this.steps = new LinkSteps(host);
  }

  Plan plan(List<VlanId> vlans) {
    for (VlanId vlan : vlans) {
      tagged.ours(host, vlan).forEach(this::delete);
    }
    return steps.build();
  }

  private Optional<LinkKind> kind(Link link) {
    return tagged.servedVlan(link).isPresent()
        ? Optional.of(new TapKind())
        : VlanKind.of(lower, link).map(kind -> kind);
  }

  private void delete(Link link) {
    kind(link)
        .ifPresentOrElse(
            kind -> steps.add(DeleteLink.of(link.name(), kind), "we made the VLAN's device"),
            () -> steps.deleteBridge(link));
  }
}
