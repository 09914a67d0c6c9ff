package org.passerelle.lab.switching;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.link.rtnl.Link;

/**
 * Which devices of a namespace are bridges in user space, and which are their ports; all by index.
 * It says what the kernel does not know.
 */
record Roster(Map<Integer, BridgeSettings> bridges, Map<Integer, Integer> masters) {

  static final Roster EMPTY = new Roster(Map.of(), Map.of());

  Roster {
    bridges = Map.copyOf(bridges);
    masters = Map.copyOf(masters);
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
    return new Roster(more, masters);
  }

  Roster withMaster(int device, int bridge) {
    Map<Integer, Integer> more = new HashMap<>(masters);
    more.put(device, bridge);
    return new Roster(bridges, more);
  }

  /** Without the device; a bridge's ports are nobody's afterwards. */
  Roster without(int device) {
    Map<Integer, BridgeSettings> fewer = new HashMap<>(bridges);
    fewer.remove(device);
    Map<Integer, Integer> left = new HashMap<>(masters);
    left.entrySet().removeIf(each -> each.getKey() == device || each.getValue() == device);
    return new Roster(fewer, left);
  }

  /** The link as it is with us. */
  Link told(Link link) {
    if (isBridge(link.index())) {
      return link.withKind(BridgeKind.NAME, bridges.get(link.index()).kind().data());
    }
    int master = master(link.index());
    return master == 0 ? link : link.withMaster(master);
  }

  /** A bridge's ports among these links. */
  List<Link> ports(int bridge, List<Link> links) {
    return links.stream().filter(link -> master(link.index()) == bridge).toList();
  }
}
