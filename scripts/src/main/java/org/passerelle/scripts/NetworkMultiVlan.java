package org.passerelle.scripts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.passerelle.bridge.NetloopNames;
import org.passerelle.link.list.Lists;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Ownership;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.wire.VlanId;
import org.passerelle.vlan.TaggedNic;
import org.passerelle.vlan.VlanBridge;
import org.passerelle.vlan.VlanTable;

/**
 * {@code network-multi-vlan start|stop|status}: many VLANs' bridges in one plan, and with {@code
 * untagged} one for what has no tag, by network-bridge, whose words count then too.
 */
public final class NetworkMultiVlan extends VlanScript {
  private static final String VLANS = "vlans";
  private static final String UNTAGGED = "untagged";
  private static final String BRIDGE = "bridge";

  private static final Usage USAGE =
      Usage.ofNetwork(
          "network-multi-vlan",
          "Gives many VLANs of a NIC a device and a bridge each, and perhaps what has no tag one.",
          Lists.concat(
              List.of(
                  UsageEntry.word(VLANS, "100,200-299, or /a/file", "for a stop: all there are"),
                  UsageTables.VLAN_NETDEV,
                  UsageTables.SWITCHING,
                  UsageEntry.word(UNTAGGED, "the bridge for what has no tag", "none")),
              NetworkBridge.BRIDGING));

  public NetworkMultiVlan() {
    this(TrunkLauncher::installed);
  }

  NetworkMultiVlan(TrunkLauncher trunks) {
    super(USAGE, trunks);
  }

  @Override
  List<VlanBridge> wanted(ScriptArguments arguments) {
    String text =
        arguments
            .value(VLANS)
            .orElseThrow(
                () -> new RefusedException("which VLANs? As vlans=100,200-299, or vlans=/a/file"));
    return text.contains("/") ? VlanTable.ofLines(text, read(text)) : VlanTable.ofList(text);
  }

  private static List<String> read(String file) {
    Path path = Path.of(file);
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw new RefusedException("read " + VLANS + "=" + file + ": there is no such file to read");
    }
    try {
      return Files.readAllLines(path);
    } catch (IOException e) {
      throw new RefusedException("read " + VLANS + "=" + file + ": " + e.getMessage());
    }
  }

  @Override
  List<VlanId> meant(ScriptArguments arguments, Host host, TaggedNic nic) {
    return isForAll(arguments)
        ? nic.made(host)
        : wanted(arguments).stream().map(VlanBridge::vlan).toList();
  }

  @Override
  boolean isForAll(ScriptArguments arguments) {
    return arguments.value(VLANS).isEmpty();
  }

  /**
   * A bridge for what has no tag may be network-bridge's own as well: its end is to be asked for.
   */
  @Override
  Optional<String> left(ScriptArguments arguments, Host host, TaggedNic nic) {
    return NetloopNames.nicBehind(host, nic.netdev())
        .filter(link -> link.master() != 0)
        .flatMap(link -> host.link(link.master()))
        .filter(Ownership::isOurs)
        .map(
            bridge ->
                "%s, the bridge for what %s carries without a tag, stays; %s stop netdev=%s %s=%s"
                        .formatted(
                            bridge.name(),
                            nic.netdev(),
                            name(),
                            nic.netdev(),
                            UNTAGGED,
                            bridge.name())
                    + " gives the NIC back");
  }

  @Override
  VlanNetwork network(ScriptArguments arguments, Host host, TaggedNic nic) {
    Optional<String> bridge = arguments.value(UNTAGGED);
    return new VlanNetwork(
        nic,
        bridge.map(name -> BridgedNics.of(bridging(arguments, name, nic), host).getFirst()),
        bridge);
  }

  /** The words for network-bridge. */
  private static ScriptArguments bridging(ScriptArguments arguments, String bridge, TaggedNic nic) {
    return arguments.with(BRIDGE, bridge).with("netdev", nic.netdev());
  }
}
