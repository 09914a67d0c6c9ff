package org.passerelle.vlan;

import java.util.Optional;
import org.passerelle.bridge.LinkSteps;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Ownership;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.SetLink;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.VlanFiltering;

/**
 * A plain bridge forwards tagged frames as any others: what a NIC brings with the tag of no VLAN
 * that dom0 has, and what a domain tags by itself. One that looks at tags drops them, where the
 * kernel can ({@link VlanFiltering}).
 */
public final class TagFilter {
  private TagFilter() {}

  /** Has a bridge that is ours, or is about to be made, let no tags pass. */
  public static Plan plan(Host host, String bridge) {
    LinkSteps steps = new LinkSteps(host);
    if (host.link(bridge).map(TagFilter::isOpenAndOurs).orElse(true)) {
      steps.add(SetLink.vlanFiltering(bridge, true), "tags that are nobody's do not pass");
    }
    return steps.build();
  }

  private static boolean isOpenAndOurs(Link bridge) {
    return Ownership.isOurs(bridge) && isOff(VlanFiltering.of(bridge));
  }

  private static boolean isOff(Optional<VlanFiltering> filtering) {
    return filtering.equals(Optional.of(new VlanFiltering(false)));
  }

  /** Whether tagged frames pass the bridge. */
  public static boolean isOpen(Link bridge) {
    return VlanFiltering.of(bridge).filter(VlanFiltering::on).isEmpty();
  }
}
