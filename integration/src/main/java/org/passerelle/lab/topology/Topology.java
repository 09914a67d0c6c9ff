package org.passerelle.lab.topology;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.passerelle.lab.model.Host;
import org.passerelle.lab.model.Lab;
import org.passerelle.lab.model.ScriptCall;
import org.passerelle.link.wire.MacAddress;

/**
 * The lab, connected: what will exist.
 *
 * @param wires in the order of their first mention
 * @param layout what the network script makes of dom0; empty when it makes nothing
 * @param vlans what it makes of VLANs, likewise
 * @param nicMacs the MACs of dom0's NICs by name
 * @param stations dom0 first, then the domains, then the hosts outside
 */
public record Topology(
    Lab lab,
    List<String> wires,
    Optional<BridgeLayout> layout,
    Optional<VlanLayout> vlans,
    List<Station> stations,
    List<Vif> vifs,
    Map<String, MacAddress> nicMacs) {

  /** The same topology with this switching. */
  public Topology withSwitching(Lab.Switching switching) {
    return new Topology(
        lab.withSwitching(switching), wires, layout, vlans, stations, vifs, nicMacs);
  }

  /** Whether anybody tags frames. */
  public boolean hasVlans() {
    return vlans.isPresent() || interfaces().stream().anyMatch(i -> i.vlan().isPresent());
  }

  /**
   * The scripts that are to keep guests to their own addresses ({@code antispoof=yes}) where vifs
   * are on bridges: by the kernel's packet filter, before the kernel's bridge.
   */
  public List<ScriptCall> guardsOfBridges() {
    boolean bridged = vifs.stream().anyMatch(vif -> !vif.isRouted());
    return scripts().filter(call -> bridged && isGuarding(call)).distinct().toList();
  }

  /** Whether dom0 has a DHCP server; a word that is neither yes nor no is wrong by itself. */
  public boolean hasDhcp() {
    return lab.networkScript()
        .filter(call -> call.argument("dhcp").isPresent() && !refusesDhcp(call))
        .isPresent();
  }

  /** Whether the guest of this vif is told its address by DHCP, if it asks. */
  public boolean isTold(Vif vif) {
    return hasDhcp() && vif.isNatted() && !refusesDhcp(vif.script());
  }

  private static boolean refusesDhcp(ScriptCall call) {
    return call.argument("dhcp").equals(Optional.of("no"));
  }

  /** Whether anything is filtered by the kernel. */
  public boolean isFiltered() {
    return scripts().anyMatch(call -> call.name().equals("network-nat") || isGuarding(call));
  }

  private Stream<ScriptCall> scripts() {
    return Stream.concat(lab.networkScript().stream(), vifs.stream().map(Vif::script));
  }

  private static boolean isGuarding(ScriptCall call) {
    return call.argument("antispoof").equals(Optional.of("yes"));
  }

  /** The MAC of one of dom0's NICs. */
  public MacAddress macOf(Host.Nic nic) {
    return nicMacs.get(nic.name());
  }

  public Station dom0() {
    return stations.getFirst();
  }

  public Optional<Station> station(String name) {
    return stations.stream().filter(station -> station.name().equals(name)).findFirst();
  }

  public List<Station> stations(Station.Kind kind) {
    return stations.stream().filter(station -> station.kind() == kind).toList();
  }

  public List<Interface> interfaces() {
    return stations.stream().flatMap(station -> station.interfaces().stream()).toList();
  }

  public Optional<Interface> owner(InetAddress address) {
    return interfaces().stream().filter(i -> i.has(address)).findFirst();
  }

  public List<Vif> vifs(String domain) {
    return vifs.stream().filter(vif -> vif.domain().equals(domain)).toList();
  }

  public Optional<Vif> vif(String domain, int handle) {
    return vifs(domain).stream().filter(vif -> vif.handle() == handle).findFirst();
  }

  /** Whether dom0 is the router of this interface's domain there, so that it has a route to it. */
  public boolean isRouted(Interface one) {
    return vifs.stream().anyMatch(vif -> vif.isRouted() && vif.bornAs().equals(one.segment()));
  }

  /**
   * Who can say whether {@code target} lives: another station on its segment, in one of its
   * networks.
   */
  public Optional<Station> neighbour(Interface target, InetAddress address, Station except) {
    return interfaces().stream()
        .filter(i -> i.segment().equals(target.segment()))
        .filter(i -> i.isOnLink(address) || isRouted(target))
        .filter(i -> !i.station().equals(target.station()) && !i.station().equals(except.name()))
        .findFirst()
        .flatMap(i -> station(i.station()));
  }
}
