package org.passerelle.lab.switching;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.link.rtnl.Link;

/**
 * Which devices of a namespace are bridges in user space, which are their ports, and which are
 * VLANs; all by index. It says what the kernel does not know.
 */
record Roster(
    Map<Integer, BridgeSettings> bridges,
    Map<Integer, Integer> masters,
    Map<Integer, VlanSettings> vlans) {

  static final Roster EMPTY = new Roster(Map.of(), Map.of(), Map.of());

  Roster {
    bridges = Map.copyOf(bridges);
    masters = Map.copyOf(masters);
    vlans = Map.copyOf(vlans);
  }

  boolean isVlan(int device) {
    return vlans.containsKey(device);
  }

  /** Whether the device below has that VLAN already. */
  boolean has(VlanSettings vlan) {
    return vlans.values().stream().anyMatch(vlan::isSameNetwork);
  }

  boolean isBridge(int device) {
    return bridges.containsKey(device);
  }

  /** The bridge that the device is a port of; 0 when none of ours. */
  int master(int device) {
    return masters.getOrDefault(device, 0);
  }

  Roster withBridge(int device, BridgeSettings settings) {
    Map<Integer, BridgeSettings> more = new HashMap<>(bridges);
    more.put(device, settings);
    return new Roster(more, masters, vlans);
  }

  Roster withVlan(int device, VlanSettings settings) {
    Map<Integer, VlanSettings> more = new HashMap<>(vlans);
    more.put(device, settings);
    return new Roster(bridges, masters, more);
  }

  Roster withMaster(int device, int bridge) {
    Map<Integer, Integer> more = new HashMap<>(masters);
    more.put(device, bridge);
    return new Roster(bridges, more, vlans);
  }

  /** Without a bridge; its ports are nobody's afterwards. */
  Roster withoutBridge(int device) {
    Map<Integer, BridgeSettings> fewer = new HashMap<>(bridges);
    fewer.remove(device);
    Map<Integer, Integer> left = new HashMap<>(masters);
    left.values().removeIf(bridge -> bridge == device);
    return new Roster(fewer, left, vlans);
  }

  Roster withoutMaster(int device) {
    Map<Integer, Integer> left = new HashMap<>(masters);
    left.remove(device);
    return new Roster(bridges, left, vlans);
  }

  /** Without a VLAN, or all those on a device. */
  Roster withoutVlans(int device) {
    Map<Integer, VlanSettings> left = new HashMap<>(vlans);
    left.entrySet().removeIf(each -> each.getKey() == device || each.getValue().lower() == device);
    return new Roster(bridges, masters, left);
  }

  /** The link as it is with us. */
  Link told(Link link) {
    if (isBridge(link.index())) {
      return link.withKind(BridgeKind.NAME, 0, bridges.get(link.index()).kind().data());
    }
    int master = master(link.index());
    Link named = isVlan(link.index()) ? vlans.get(link.index()).told(link) : link;
    return master == 0 ? named : named.withMaster(master);
  }

  /** A bridge's ports among these links. */
  List<Link> ports(int bridge, List<Link> links) {
    return links.stream().filter(link -> master(link.index()) == bridge).toList();
  }
}
