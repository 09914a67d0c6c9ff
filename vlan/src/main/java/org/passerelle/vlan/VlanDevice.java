package org.passerelle.vlan;

import java.util.Optional;
import org.passerelle.link.plan.Host;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.TapKind;
import org.passerelle.link.wire.VlanId;

/**
 * What a link is that carries a VLAN: a device of the kernel's own, or a tap that the trunk process
 * serves, which is told by its mark.
 *
 * @param nic that carries the tags; empty when it is not to be seen from here
 */
public record VlanDevice(VlanId vlan, String nic, Tagger tagger) {

  /** Empty for links that carry no VLAN. */
  public static Optional<VlanDevice> of(Host host, Link link) {
    return link.kind().equals(TapKind.NAME)
        ? VlanMark.of(link).map(mark -> new VlanDevice(mark.vlan(), mark.netdev(), Tagger.TRUNK))
        : VlanKind.of("", link)
            .map(kind -> new VlanDevice(kind.id(), lower(host, link), Tagger.KERNEL));
  }

  private static String lower(Host host, Link link) {
    return host.link(link.lower()).map(Link::name).orElse("");
  }

  @Override
  public String toString() {
    return "VLAN " + vlan + " of " + nic + (tagger == Tagger.TRUNK ? ", in user space" : "");
  }
}
