package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.wire.VlanId;
import org.passerelle.vlan.TaggedNic;
import org.passerelle.vlan.VlanBridge;
import org.passerelle.vlan.VlanTable;

/** {@code network-bridge-vlan start|stop|status}: one VLAN's bridge. */
public final class NetworkBridgeVlan extends VlanScript {
  private static final String VLAN = "vlan";
  private static final String BRIDGE = "bridge";

  private static final Usage USAGE =
      Usage.ofNetwork(
          "network-bridge-vlan",
          "Gives one VLAN of a NIC a device and a bridge.",
          List.of(
              UsageTables.VLAN_NETDEV,
              UsageEntry.word(VLAN, "which", "2"),
              UsageEntry.word(BRIDGE, "its name; null: none", "vlanbr$vlan"),
              UsageTables.SWITCHING,
              UsageTables.GUARDING));

  public NetworkBridgeVlan() {
    this(TrunkLauncher::installed);
  }

  NetworkBridgeVlan(TrunkLauncher trunks) {
    super(USAGE, trunks);
  }

  @Override
  List<VlanBridge> wanted(ScriptArguments arguments) {
    VlanBridge usual = VlanTable.single(VLAN, arguments.value(VLAN).orElse("2"));
    return List.of(new VlanBridge(usual.vlan(), arguments.value(BRIDGE).orElse(usual.bridge())));
  }

  @Override
  List<VlanId> meant(ScriptArguments arguments, Host host, TaggedNic nic) {
    VlanId vlan = wanted(arguments).getFirst().vlan();
    Optional<String> made = nic.bridge(host, vlan).map(Link::name);
    Optional<String> named = arguments.value(BRIDGE);
    if (made.isPresent() && named.isPresent() && !named.equals(made)) {
      throw new RefusedException(
          "the bridge of VLAN " + vlan + " is " + made.get() + ", not " + named.get());
    }
    return List.of(vlan);
  }

  @Override
  VlanNetwork network(ScriptArguments arguments, Host host, TaggedNic nic) {
    return new VlanNetwork(nic, Optional.empty(), Optional.empty());
  }

  /** Without {@code vlan=} it is VLAN 2. */
  @Override
  boolean isForAll(ScriptArguments arguments) {
    return false;
  }

  @Override
  Optional<String> left(ScriptArguments arguments, Host host, TaggedNic nic) {
    return Optional.empty();
  }
}
