package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.wire.VlanId;
import org.passerelle.vlan.TaggedNic;
import org.passerelle.vlan.VlanBridge;
import org.passerelle.vlan.VlanTable;

/**
 * {@code network-bridge-vlan start|stop|status}: one VLAN's bridge. Keys: {@code vlan} (2), {@code
 * bridge} (vlanbr$vlan; null for none), {@code netdev} (eth0), {@code antispoof} (no), {@code
 * switching} (auto).
 */
public final class NetworkBridgeVlan extends VlanScript {
  private static final String VLAN = "vlan";
  private static final String BRIDGE = "bridge";

  public NetworkBridgeVlan() {
    this(TrunkLauncher::installed);
  }

  NetworkBridgeVlan(TrunkLauncher trunks) {
    super(
        "network-bridge-vlan", Set.of(VLAN, BRIDGE, "netdev", "antispoof", Switching.KEY), trunks);
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
