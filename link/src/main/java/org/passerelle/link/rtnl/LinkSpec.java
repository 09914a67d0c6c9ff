package org.passerelle.link.rtnl;

import java.util.Optional;
import java.util.OptionalInt;
import org.passerelle.link.wire.MacAddress;

/**
 * A link to be made.
 *
 * @param group its group number from birth, the mark of who made it; 0 for none
 */
public record LinkSpec(
    String name, LinkKind kind, Optional<MacAddress> mac, OptionalInt mtu, int group) {

  public static LinkSpec of(String name, LinkKind kind) {
    return new LinkSpec(name, kind, Optional.empty(), OptionalInt.empty(), 0);
  }

  public LinkSpec withKind(LinkKind newKind) {
    return new LinkSpec(name, newKind, mac, mtu, group);
  }

  public LinkSpec withMac(MacAddress newMac) {
    return new LinkSpec(name, kind, Optional.of(newMac), mtu, group);
  }

  public LinkSpec withMtu(int newMtu) {
    return new LinkSpec(name, kind, mac, OptionalInt.of(newMtu), group);
  }

  public LinkSpec withGroup(int newGroup) {
    return new LinkSpec(name, kind, mac, mtu, newGroup);
  }
}
