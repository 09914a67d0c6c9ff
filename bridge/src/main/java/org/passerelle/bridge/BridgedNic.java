package org.passerelle.bridge;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.RefusedException;

/** A NIC and a bridge, put together in the manner of one generation of {@code network-bridge}. */
public interface BridgedNic {

  /**
   * Plans the start; empty when all is there already.
   *
   * @param live links can be renamed, and the NIC's MAC set, while they are up; otherwise the NIC
   *     goes down for it
   * @throws RefusedException when the host has something else in the way
   */
  Plan start(Host host, boolean live);

  /**
   * Plans the stop; empty when there is nothing to stop. From the state as it is now: what
   * addresses and routes dom0 has by then go to the NIC. Only what we made is deleted.
   *
   * @throws RefusedException when the host has something else in the way
   */
  Plan stop(Host host, boolean live);

  /** What people should know of the names before they look for them. */
  default Optional<String> remark() {
    return Optional.empty();
  }

  /** The names that it takes, which no other may have. */
  default Set<String> names() {
    return Set.copyOf(devices());
  }

  /** What the NIC is called while there is no bridge. */
  String netdev();

  /** The devices that take part, that with dom0's addresses first; some may not be there. */
  List<String> devices();
}
