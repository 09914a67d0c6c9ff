package org.passerelle.bridge;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.rtnl.Link;

/**
 * The names of one bridge of Xen 3.1's kind.
 *
 * @param number N of vethN and vif0.N
 * @param bridge xenbrN
 * @param netdev the NIC, and later the veth that takes its place
 * @param pairs how many pairs veth0/vif0.0, veth1/vif0.1, … there shall be at least
 */
public record NetloopNames(int number, String bridge, String netdev, int pairs)
    implements BridgedNic {

  @Override
  public Plan start(Host host, boolean live) {
    return NetloopStart.plan(this, host, live);
  }

  @Override
  public Plan stop(Host host, boolean live) {
    return NetloopStop.plan(this, host, live);
  }

  @Override
  public List<String> devices() {
    return List.of(netdev, physical(), bridge);
  }

  @Override
  public Set<String> names() {
    return Set.copyOf(List.of(netdev, physical(), bridge, loopback(), port()));
  }

  /** dom0's device whose other end is the pair's port in this bridge: it has the NIC's name. */
  public Optional<String> dom0Behind(Host host) {
    return host.link(port())
        .filter(link -> link.master() != 0 && host.master(link).equals(bridge))
        .flatMap(host::peer)
        .map(Link::name)
        .filter(name -> !name.equals(loopback()));
  }

  /** What the NIC is called while the veth has its name. */
  public String physical() {
    return PhysicalName.of(netdev);
  }

  /**
   * The NIC whose name dom0's device or its bridge has since network-bridge was started; without
   * that the device of this name itself, if there is one.
   */
  public static Optional<Link> nicBehind(Host host, String netdev) {
    Optional<Link> device = host.link(netdev);
    OptionalInt bridge =
        device.filter(link -> link.kind().equals(BridgeKind.NAME)).isPresent()
            ? OptionalInt.of(device.get().index())
            : device.flatMap(host::peer).stream().mapToInt(Link::master).findFirst();
    return host.link(PhysicalName.of(netdev))
        .filter(nic -> nic.master() != 0 && OptionalInt.of(nic.master()).equals(bridge))
        .or(() -> device);
  }

  @Override
  public Optional<String> remark() {
    return PhysicalName.remark(netdev);
  }

  public String loopback() {
    return loopback(number);
  }

  public String port() {
    return port(number);
  }

  static String loopback(int number) {
    return "veth" + number;
  }

  static String port(int number) {
    return "vif0." + number;
  }

  /** The names of a further pair, of which there is nothing, and will be nothing for good. */
  NetloopNames standIn(Host host) {
    int first = Math.max(pairs, number + 1);
    int free =
        IntStream.iterate(first, n -> n + 1).filter(n -> isFree(host, n)).findFirst().orElseThrow();
    return new NetloopNames(free, bridge, netdev, pairs);
  }

  static boolean isFree(Host host, int number) {
    return host.link(loopback(number)).isEmpty() && host.link(port(number)).isEmpty();
  }

  /** Whom the links are marked for. */
  String owner() {
    return "network-bridge:" + bridge;
  }
}
