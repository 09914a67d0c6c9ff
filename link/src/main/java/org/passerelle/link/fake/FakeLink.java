package org.passerelle.link.fake;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkFlags;
import org.passerelle.link.rtnl.LinkKind;
import org.passerelle.link.rtnl.RawAttribute;
import org.passerelle.link.rtnl.VlanFlags;
import org.passerelle.link.wire.MacAddress;

/** A link of {@link FakeKernel}; relations are by index, 0 for none. */
final class FakeLink {
  private static final int ALL_BITS = 0xffffffff;

  final int index;
  final String kind;
  final List<String> alternativeNames = new ArrayList<>();
  List<RawAttribute> data;
  String name;
  String alias = "";
  MacAddress mac;
  boolean macWasSet;
  int mtu = 1500;
  int group;
  int master;
  int peer;
  int lower;
  boolean up;
  boolean arp = true;
  boolean multicast = true;
  boolean carrier = true;
  OptionalInt ipv6Generation;

  FakeLink(int index, String name, String kind, MacAddress mac, List<RawAttribute> data) {
    this.index = index;
    this.name = name;
    this.kind = kind;
    this.mac = mac;
    this.data = List.copyOf(data);
    this.ipv6Generation = OptionalInt.of(Link.IPV6_FROM_MAC);
  }

  boolean isLoopback() {
    return name.equals("lo");
  }

  boolean isBridge() {
    return kind.equals("bridge");
  }

  /** Whether others can be ports of it; of a VRF without its routing tables. */
  boolean hasPorts() {
    return isBridge() || kind.equals("vrf");
  }

  boolean isVlan() {
    return kind.equals(VlanFlags.KIND);
  }

  boolean isVlanOn(FakeLink other) {
    return isVlan() && lower == other.index;
  }

  boolean isLoose() {
    return VlanFlags.of(data).has(VlanFlags.Flag.LOOSE_BINDING);
  }

  /** What tells VLANs on one device apart: number and protocol (IFLA_VLAN_ID, _PROTOCOL). */
  List<RawAttribute> tag() {
    return tag(data);
  }

  static List<RawAttribute> tag(List<RawAttribute> data) {
    return data.stream().filter(one -> one.type() == 1 || one.type() == 5).toList();
  }

  /** Settings of its kind; those that are not among these stay. */
  void set(LinkKind settings) {
    List<RawAttribute> merged = new ArrayList<>(data);
    for (RawAttribute one : isVlan() ? withoutMask(settings) : settings.data()) {
      merged.removeIf(old -> old.type() == one.type());
      merged.add(one);
    }
    data = merged.stream().sorted(Comparator.comparing(RawAttribute::type)).toList();
  }

  /** Flags that the mask leaves out stay as well; the kernel tells all of them. */
  private List<RawAttribute> withoutMask(LinkKind settings) {
    VlanFlags asked = VlanFlags.of(settings.data());
    int bits = VlanFlags.of(data).set() & ~asked.mask() | asked.set() & asked.mask();
    List<RawAttribute> all = new ArrayList<>(settings.data());
    all.addAll(new VlanFlags(bits, ALL_BITS).data());
    return all;
  }

  boolean isRunning() {
    return up && carrier;
  }

  Link toLink() {
    return new Link(
        index,
        name,
        List.copyOf(alternativeNames),
        kind,
        mac,
        mtu,
        flags(),
        operState(),
        master,
        peer != 0 ? peer : lower,
        false,
        group,
        alias,
        ipv6Generation,
        data);
  }

  private int flags() {
    return (isLoopback() ? LinkFlags.LOOPBACK : LinkFlags.BROADCAST)
        | (up ? LinkFlags.UP : 0)
        | (isRunning() ? LinkFlags.RUNNING | LinkFlags.LOWER_UP : 0)
        | (arp ? 0 : LinkFlags.NOARP)
        | (multicast ? LinkFlags.MULTICAST : 0);
  }

  private Link.OperState operState() {
    if (isRunning()) {
      return Link.OperState.UP;
    }
    return up ? Link.OperState.LOWER_LAYER_DOWN : Link.OperState.DOWN;
  }
}
