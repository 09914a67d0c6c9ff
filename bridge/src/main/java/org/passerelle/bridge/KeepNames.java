package org.passerelle.bridge;

import java.util.List;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;

/**
 * A bridge whose NIC keeps its name: the way for today's hosts, where a renamed NIC upsets whatever
 * configures the network, and people.
 *
 * <pre>
 *   before            after
 *                     xenbr0
 *                       |
 *   eth0 -- wire      eth0 -- wire
 * </pre>
 *
 * Nothing goes down.
 *
 * @param bridge has dom0's addresses while it is there
 * @param netdev the NIC
 */
public record KeepNames(String bridge, String netdev) implements BridgedNic {

  @Override
  public Plan start(Host host, boolean live) {
    LinkSteps steps = new LinkSteps(host);
    Requirements.validName(bridge);
    takeover(steps).start(netdev);
    return steps.build();
  }

  @Override
  public Plan stop(Host host, boolean live) {
    LinkSteps steps = new LinkSteps(host);
    BridgeTakeover takeover = takeover(steps);
    takeover
        .made()
        .ifPresent(
            link ->
                host.link(netdev)
                    .ifPresentOrElse(
                        nic -> {
                          BridgeTakeover.requireNotElsewhere(nic, link, host);
                          takeover.giveBack(nic.name(), nic, link.name(), link);
                        },
                        () -> steps.deleteBridge(link)));
    return steps.build();
  }

  private BridgeTakeover takeover(LinkSteps steps) {
    return new BridgeTakeover(NicMark.KEEP, bridge, netdev, steps);
  }

  @Override
  public List<String> devices() {
    return List.of(bridge, netdev);
  }
}
