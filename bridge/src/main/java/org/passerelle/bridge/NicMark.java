package org.passerelle.bridge;

import java.util.Optional;
import org.passerelle.link.plan.Ownership;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.rtnl.Link;

/** The alias of a bridge that took a NIC's place: it tells in whose, and in which manner. */
public enum NicMark {
  KEEP("network-bridge-keep:"),
  RENAME("network-bridge-rename:");

  private final String owner;

  NicMark(String owner) {
    this.owner = owner;
  }

  /** Whom a bridge for this NIC is marked for. */
  String owner(String nic) {
    return owner + nic;
  }

  /** The NIC for which we made a bridge: what has the default route since is the bridge. */
  public Optional<String> nicOf(Link bridge) {
    String mark = Ownership.alias(owner);
    return Ownership.isOurs(bridge) && bridge.alias().startsWith(mark)
        ? Optional.of(bridge.alias().substring(mark.length()))
        : Optional.empty();
  }

  /** Whether we made the bridge in either of these manners. */
  static boolean isOn(Link bridge) {
    return KEEP.nicOf(bridge).or(() -> RENAME.nicOf(bridge)).isPresent();
  }

  /** Throws {@link RefusedException} when we made the bridge for another NIC. */
  void requireMadeFor(String nic, Link bridge) {
    nicOf(bridge)
        .filter(other -> !other.equals(nic))
        .ifPresent(
            other -> {
              throw new RefusedException(
                  bridge.name()
                      + " was made for "
                      + other
                      + ", not for "
                      + nic
                      + "; use netdev="
                      + other);
            });
  }
}
