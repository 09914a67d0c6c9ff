package org.passerelle.lab.run;

import java.util.HashMap;
import java.util.Map;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.lab.run.Places.Place;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.link.wire.VlanId;
import org.passerelle.vlan.VlanKind;

/**
 * Wires: a bridge in a namespace of its own, which carries whatever is sent, and a veth pair for
 * each NIC that is plugged in.
 */
final class Wiring {
  private static final LinkChange UP = LinkChange.builder().up(true).build();

  private final Places places;
  private final Map<String, Integer> plugs = new HashMap<>();

  Wiring(Places places) {
    this.places = places;
  }

  void makeWire(String name) {
    Place wire = places.addWire(name);
    wire.kernel().create(LinkSpec.of(name, BridgeKind.XEN));
    wire.kernel().change(name, UP);
  }

  /** Makes a VLAN's device, eth0.100, on eth0. */
  static void tag(Place station, String device, VlanId vlan) {
    String lower = device.substring(0, device.lastIndexOf('.'));
    station.kernel().create(LinkSpec.of(device, new VlanKind(lower, vlan)));
  }

  /** Makes a NIC in a station's namespace, down, and plugs its cable into a wire. */
  void plug(String wireName, Place station, String nic, MacAddress mac) {
    Place wire = places.wire(wireName);
    String plug = "plug" + plugs.merge(wireName, 1, Integer::sum);
    // Both ends are born where they belong: a name that the other namespace has is no obstacle.
    VethKind pair = new VethKind(plug).withPeerIn(wire.namespace().descriptor());
    station.kernel().create(LinkSpec.of(nic, pair).withMac(mac));
    wire.kernel().change(plug, LinkChange.builder().master(wireName).up(true).build());
  }
}
