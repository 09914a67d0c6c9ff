package org.passerelle.bridge;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;

/**
 * A bridge in the manner of Xen 3.2 to 4.4: the NIC is called peth0, and the bridge, which has
 * dom0's addresses, by the NIC's name.
 *
 * @param bridge as the NIC, unless another name was asked for
 * @param netdev the NIC's name while there is no bridge
 */
public record RenameNames(String bridge, String netdev) implements BridgedNic {
  /** The original's: what the bridge is called while the NIC has its name. */
  private static final String TEMPORARY = "tmpbridge";

  @Override
  public Plan start(Host host, boolean live) {
    return RenameStart.plan(this, host, live);
  }

  @Override
  public Plan stop(Host host, boolean live) {
    return RenameStop.plan(this, host, live);
  }

  @Override
  public Optional<String> remark() {
    return PhysicalName.remark(netdev);
  }

  @Override
  public List<String> devices() {
    return List.of(bridge, physical());
  }

  /** What the NIC is called while it is a port. */
  String physical() {
    return PhysicalName.of(netdev);
  }

  /** What the bridge is called while the NIC has its own name. */
  String meanwhile() {
    return hasNicsName() ? TEMPORARY : bridge;
  }

  /** Throws {@link org.passerelle.link.plan.RefusedException} when that name is somebody's. */
  void requireMeanwhile(Host host) {
    if (hasNicsName()) {
      Requirements.isFree(host, TEMPORARY, "the bridge, for a moment,");
    }
  }

  boolean hasNicsName() {
    return bridge.equals(netdev);
  }

  BridgeTakeover takeover(LinkSteps steps) {
    return new BridgeTakeover(NicMark.RENAME, bridge, netdev, steps);
  }

  /** A pair beside the bridge, for {@link StandIn}. */
  NetloopNames pair(String bridgeNow) {
    return new NetloopNames(0, bridgeNow, netdev, 1);
  }
}
