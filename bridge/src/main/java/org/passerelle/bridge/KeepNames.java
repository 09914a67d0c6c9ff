package org.passerelle.bridge;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Ownership;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.rtnl.Link;

/**
 * A bridge whose NIC keeps its name: the way for today's hosts, where a renamed NIC upsets whatever
 * configures the network, and people.
 *
 * @param bridge has dom0's addresses while it is there
 * @param netdev the NIC
 */
public record KeepNames(String bridge, String netdev) implements BridgedNic {
  private static final String OWNER = "network-bridge-keep:";

  @Override
  public Plan start(Host host, boolean live) {
    return KeepStart.plan(this, host);
  }

  @Override
  public Plan stop(Host host, boolean live) {
    return KeepStop.plan(this, host);
  }

  @Override
  public List<String> devices() {
    return List.of(bridge, netdev);
  }

  /** The NIC for which we made a bridge: what has the default route since is the bridge. */
  public static Optional<String> nicOf(Link bridge) {
    String mark = Ownership.alias(OWNER);
    return Ownership.isOurs(bridge) && bridge.alias().startsWith(mark)
        ? Optional.of(bridge.alias().substring(mark.length()))
        : Optional.empty();
  }

  /** Throws {@link RefusedException} when we made the bridge for another NIC. */
  void requireMadeForNic(Link link) {
    nicOf(link)
        .filter(nic -> !nic.equals(netdev))
        .ifPresent(
            nic -> {
              throw new RefusedException(
                  bridge + " was made for " + nic + ", not for " + netdev + "; use netdev=" + nic);
            });
  }

  /** Whom the bridge is marked for. */
  String owner() {
    return OWNER + netdev;
  }
}
