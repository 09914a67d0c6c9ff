package org.passerelle.bridge;

import java.util.Optional;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.Uplink;
import org.passerelle.link.rtnl.Link;

/** What must be so before a bridge can be planned. */
public final class Requirements {
  private Requirements() {}

  public static void validName(String bridge) {
    if (!Link.isValidName(bridge)) {
      throw new RefusedException(
          "bridge="
              + bridge.replaceAll("[^ -~]", "?")
              + " cannot be a device's name: 1 to 15 printable characters without blanks, /, : and"
              + " %");
    }
  }

  public static void isBridge(Link link) {
    if (!link.kind().equals(BridgeKind.NAME)) {
      throw new RefusedException(link.name() + " is there, and is not a bridge");
    }
  }

  static void isFree(Host host, String name, String wanted) {
    if (host.link(name).isPresent()) {
      throw new RefusedException(wanted + " cannot be called " + name + ": that name is taken");
    }
  }

  /** The device of that name, which is nobody's port and can become one. */
  static Link freeNic(Host host, String name) {
    Optional<Link> there = host.link(name);
    Link nic =
        there.orElseThrow(
            () ->
                new RefusedException(
                    "there is no device "
                        + name
                        + "; name the one that leads outside with netdev="));
    if (!nic.name().equals(name)) {
      throw new RefusedException(
          name + " is another name of " + nic.name() + "; use netdev=" + nic.name());
    }
    if (nic.master() != 0) {
      throw new RefusedException(
          nic.name() + " is a port of " + host.master(nic) + " already; release it first");
    }
    Uplink.check(nic);
    if (nic.kind().equals(BridgeKind.NAME)) {
      throw new RefusedException(nic.name() + " cannot become a port of a bridge");
    }
    return nic;
  }
}
