package org.passerelle.link.fake;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.passerelle.link.plan.Labels;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkKind;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.wire.MacAddress;

/**
 * Links: names, veth pairs, bridges and their ports, VLANs on other links, carrier, and what going
 * down costs.
 */
final class FakeLinks {
  private static final int LONGEST_NAME = 15;
  private static final int IPV6_LEAST_MTU = 1280;
  private final FakeState state;
  private final FakeAddresses addresses;
  private final FakeRoutes routes;
  private final boolean liveRename;
  private int lastIndex;

  FakeLinks(FakeState state, FakeAddresses addresses, FakeRoutes routes, boolean liveRename) {
    this.state = state;
    this.addresses = addresses;
    this.routes = routes;
    this.liveRename = liveRename;
  }

  FakeLink plug(String name, MacAddress mac) {
    FakeLink link = new FakeLink(++lastIndex, name, "", mac, List.of());
    state.links.add(link);
    return link;
  }

  void create(LinkSpec spec) {
    String operation = "create " + spec.name();
    requireFree(operation, spec.name());
    if (spec.kind() instanceof VethKind veth) {
      requireFree(operation, veth.peer());
      FakeLink peer = make(veth.peer(), veth, spec.group());
      FakeLink link = make(spec.name(), veth, spec.group());
      link.peer = peer.index;
      peer.peer = link.index;
      set(link, spec);
    } else {
      Optional<FakeLink> lower = spec.kind().lower().map(on -> state.require(operation, on));
      lower.ifPresent(on -> requireNewVlan(operation, on, spec.kind()));
      FakeLink link = make(spec.name(), spec.kind(), spec.group());
      lower.ifPresent(on -> layOn(on, link));
      link.set(spec.kind());
      set(link, spec);
    }
    refresh(running());
  }

  /** A device has each VLAN once (vlan_check_real_dev). */
  private void requireNewVlan(String operation, FakeLink lower, LinkKind kind) {
    boolean there =
        state.links.stream()
            .filter(link -> link.isVlanOn(lower))
            .anyMatch(link -> link.tag().equals(FakeLink.tag(kind.data())));
    if (there) {
      throw FakeState.refusal(operation, Refusal.EEXIST, "VLAN device already exists");
    }
  }

  private static void layOn(FakeLink lower, FakeLink link) {
    link.lower = lower.index;
    link.mac = lower.mac;
    link.mtu = lower.mtu;
  }

  private static void set(FakeLink link, LinkSpec spec) {
    spec.mac().ifPresent(mac -> setMac(link, mac));
    spec.mtu().ifPresent(mtu -> link.mtu = mtu);
  }

  private FakeLink make(String name, LinkKind kind, int group) {
    int index = ++lastIndex;
    // Locally administered, and never the same twice, as the kernel's random ones.
    MacAddress mac = new MacAddress(0x0200_0000_0000L + index);
    FakeLink link =
        new FakeLink(
            index, name, kind.name(), mac, kind instanceof VethKind ? List.of() : kind.data());
    link.group = group;
    state.links.add(link);
    return link;
  }

  private void requireFree(String operation, String name) {
    boolean legal =
        !name.isEmpty()
            && name.length() <= LONGEST_NAME
            && name.chars().noneMatch(c -> c == '/' || c == ':' || Character.isWhitespace(c));
    if (!legal) {
      throw FakeState.refusal(operation, Refusal.EINVAL, "Attribute failed policy validation");
    }
    if (state.find(name).isPresent()) {
      throw FakeState.refusal(operation, Refusal.EEXIST, "");
    }
  }

  void delete(String device) {
    String operation = "delete " + device;
    FakeLink link = state.require(operation, device);
    if (link.kind.isEmpty()) {
      throw FakeState.refusal(operation, Refusal.EOPNOTSUPP, "");
    }
    List<FakeLink> before = running();
    List<FakeLink> gone = new ArrayList<>(List.of(link));
    state.find(link.peer).ifPresent(gone::add);
    state.links.stream().filter(vlan -> vlan.isVlanOn(link)).forEach(gone::add);
    gone.forEach(this::forget);
    refresh(before);
  }

  private void forget(FakeLink link) {
    state.links.remove(link);
    state.links.stream().filter(port -> port.master == link.index).forEach(p -> p.master = 0);
    state.addresses.removeIf(address -> address.device().equals(link.name));
    routes.dropAll(link.name);
    forgetNeighbours(link);
  }

  void change(String device, LinkChange change) {
    FakeLink link = state.require("change " + device, device);
    List<FakeLink> before = running();
    change.name().ifPresent(name -> rename(link, name));
    change.mac().ifPresent(mac -> changeMac(link, mac));
    change.mtu().ifPresent(mtu -> setMtu(link, mtu));
    change.master().ifPresent(master -> setMaster(link, master));
    change.arp().ifPresent(arp -> setArp(link, arp));
    change.multicast().ifPresent(multicast -> link.multicast = multicast);
    change.alias().ifPresent(alias -> link.alias = alias);
    change.group().ifPresent(group -> link.group = group);
    change.kind().ifPresent(link::set);
    change.alternativeName().ifPresent(link.alternativeNames::add);
    change.ipv6AddressGeneration().ifPresent(mode -> setGeneration(link, mode));
    change.up().ifPresent(up -> setUp(link, up));
    refresh(before);
  }

  private void rename(FakeLink link, String name) {
    String operation = "rename " + link.name + " to " + name;
    if (link.name.equals(name)) {
      return;
    }
    requireFree(operation, name);
    if (link.up && !liveRename) {
      throw FakeState.refusal(operation, Refusal.EBUSY, "");
    }
    String old = link.name;
    List<Address> renamed = Labels.renamed(state.addressesOf(old, false), old, name);
    int next = 0;
    for (int i = 0; i < state.addresses.size(); i++) {
      Address address = state.addresses.get(i);
      if (address.device().equals(old)) {
        boolean v6 = address.local().isV6();
        state.addresses.set(i, v6 ? address.onDevice(name, "") : renamed.get(next++));
      }
    }
    state.routes.replaceAll(route -> route.onDevice(old, name));
    state.neighbours.replaceAll(n -> n.device().equals(old) ? n.onDevice(name) : n);
    link.name = name;
  }

  private void changeMac(FakeLink link, MacAddress mac) {
    setMac(link, mac);
    forgetNeighbours(link);
  }

  private void setArp(FakeLink link, boolean arp) {
    if (link.arp != arp) {
      link.arp = arp;
      forgetNeighbours(link);
    }
  }

  /** Whoever is known by this device must be asked for again (neigh_changeaddr, neigh_ifdown). */
  private void forgetNeighbours(FakeLink link) {
    state.neighbours.removeIf(neighbour -> neighbour.device().equals(link.name));
  }

  private static void setMac(FakeLink link, MacAddress mac) {
    link.mac = mac;
    link.macWasSet = true;
  }

  private void setMtu(FakeLink link, int mtu) {
    link.mtu = mtu;
    if (mtu < IPV6_LEAST_MTU) {
      addresses.dropV6(link.name);
    }
  }

  private void setMaster(FakeLink link, String name) {
    String operation = "set " + link.name + " master " + name;
    if (name.isEmpty()) {
      link.master = 0;
      return;
    }
    FakeLink master = state.require(operation, name);
    if (!master.hasPorts()) {
      throw FakeState.refusal(operation, Refusal.EOPNOTSUPP, "Device does not allow enslaving");
    }
    if (link.isBridge() || link.isLoopback()) {
      throw FakeState.refusal(operation, Refusal.EINVAL, "Can not enslave a bridge to a bridge");
    }
    link.master = master.index;
  }

  private static void setGeneration(FakeLink link, int mode) {
    link.ipv6Generation = OptionalInt.of(mode);
  }

  private void setUp(FakeLink link, boolean up) {
    if (link.up == up) {
      return;
    }
    if (up
        && link.isVlan()
        && !link.isLoose()
        && state.find(link.lower).filter(on -> on.up).isEmpty()) {
      throw FakeState.refusal("set " + link.name + " up", Refusal.ENETDOWN, "");
    }
    link.up = up;
    state.links.stream()
        .filter(vlan -> vlan.isVlanOn(link) && !vlan.isLoose())
        .forEach(vlan -> setUp(vlan, up));
    if (up) {
      addresses.connectAll(link);
    } else {
      addresses.dropV6(link.name);
      routes.dropAll(link.name);
      forgetNeighbours(link);
    }
  }

  private List<FakeLink> running() {
    return state.links.stream().filter(FakeLink::isRunning).toList();
  }

  /** Carrier follows peers and ports; a bridge takes its ports' lowest MAC unless it was given. */
  private void refresh(List<FakeLink> ranBefore) {
    for (FakeLink link : state.links) {
      if (link.peer != 0) {
        link.carrier = state.find(link.peer).filter(peer -> peer.up).isPresent();
      }
    }
    state.links.stream().filter(FakeLink::isBridge).forEach(this::refreshBridge);
    state.links.stream()
        .filter(link -> link.isRunning() && !ranBefore.contains(link))
        .forEach(addresses::generate);
  }

  private void refreshBridge(FakeLink bridge) {
    List<FakeLink> ports =
        state.links.stream().filter(link -> link.master == bridge.index).toList();
    bridge.carrier = ports.stream().anyMatch(FakeLink::isRunning);
    if (!bridge.macWasSet) {
      ports.stream()
          .map(port -> port.mac)
          .min(Comparator.comparing(MacAddress::bits))
          .ifPresent(mac -> bridge.mac = mac);
    }
  }
}
