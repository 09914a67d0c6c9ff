package org.passerelle.doctor.facts;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.HostCapability;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.plan.Host;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.rtnl.TableEntry;
import org.passerelle.natroute.dhcp.DhcpKernel;
import org.passerelle.natroute.nft.NftKernel;
import org.passerelle.natroute.nft.Ruleset;
import org.passerelle.scripts.LeaseKeeper;
import org.passerelle.scripts.RunFile;
import org.passerelle.vlan.TaggedNic;

/**
 * Looks at the host, once, and changes nothing. What the kernel can is tried in a network namespace
 * that ends with the trial.
 */
public final class FactReader {
  private static final List<Capability> TRIED =
      List.of(
          Capability.BRIDGE,
          Capability.VETH,
          Capability.TAP,
          Capability.PACKET_SOCKET,
          Capability.NFTABLES,
          Capability.VLAN_8021Q,
          Capability.BRIDGE_VLAN_FILTERING);

  private static final List<String> SETTINGS =
      List.of(
          "ipv4/ip_forward",
          "ipv6/conf/all/forwarding",
          "ipv6/conf/all/disable_ipv6",
          "ipv4/conf/all/rp_filter",
          "bridge/bridge-nf-call-iptables",
          "bridge/bridge-nf-call-ip6tables");

  private static final String LEGACY = "proc/thread-self/net/ip_tables_names";

  private final HostFiles files;
  private final NftKernel kernel;
  private final Host host;

  public FactReader(HostFiles files, NftKernel kernel) {
    this.files = files;
    this.kernel = kernel;
    this.host = new Host(kernel);
  }

  /** Of the calling thread's network namespace. */
  public Facts read(Map<String, String> environment, Path home, Path runDirectory) {
    NetFacts net = net();
    return new Facts(
        kernel(),
        new XenReader(files, environment, home).read(),
        settings(),
        filter(),
        net,
        dhcp(runDirectory),
        new OwnReader(files, runDirectory, home).read(net.trunks().keySet()));
  }

  private KernelFacts kernel() {
    HostCapability may = HostCapability.of(Capability.NET_ADMIN);
    Optional<List<HostCapability>> tried =
        may.present()
            ? Optional.of(TRIED.stream().map(HostCapability::of).toList())
            : Optional.empty();
    return new KernelFacts(tried, may.cause(), host.hasIpv6(), isReadOnly("/proc/sys"));
  }

  private boolean isReadOnly(String path) {
    return Mount.of(files, Path.of(path))
        .filter(mount -> mount.options().contains("ro"))
        .isPresent();
  }

  private Settings settings() {
    Map<String, String> values = new HashMap<>();
    for (String key : SETTINGS) {
      sysctl("net/" + key).ifPresent(value -> values.put(key, value));
    }
    return new Settings(values);
  }

  private Optional<String> sysctl(String key) {
    try {
      return kernel.sysctl(key);
    } catch (KernelException e) {
      return Optional.empty();
    }
  }

  private FilterFacts filter() {
    Optional<List<String>> legacy = legacy();
    try {
      Ruleset ruleset = kernel.ruleset();
      List<TableEntry> table = kernel.table().orElse(List.of());
      return new FilterFacts(Optional.of(ruleset), "", table, legacy);
    } catch (KernelException e) {
      return new FilterFacts(Optional.empty(), e.getMessage(), List.of(), legacy);
    }
  }

  /** Asked otherwise than by this file, iptables would make the table that it is asked for. */
  private Optional<List<String>> legacy() {
    Path names = files.root().resolve(LEGACY);
    return Files.exists(names) && !Files.isReadable(names)
        ? Optional.empty()
        : Optional.of(files.lines(LEGACY));
  }

  private NetFacts net() {
    List<NetFacts.Device> devices = host.links().stream().map(this::device).toList();
    Optional<String> uplink =
        host.routes().stream()
            .filter(route -> route.destination().length() == 0 && !route.device().isEmpty())
            .min((one, other) -> Long.compare(one.metric(), other.metric()))
            .map(Route::device);
    LeaseKeeper own = keeper(uplink);
    Optional<String> port =
        uplink
            .filter(_ -> own == LeaseKeeper.NOBODY)
            .flatMap(bridge -> NetFacts.portOutside(devices, bridge));
    LeaseKeeper below = keeper(port);
    boolean isBelow = below != LeaseKeeper.NOBODY;
    Set<String> vifs =
        devices.stream()
            .filter(NetFacts.Device::isVif)
            .map(NetFacts.Device::name)
            .collect(Collectors.toSet());
    return new NetFacts(
        devices,
        uplink,
        isBelow ? below : own,
        port.filter(_ -> isBelow),
        trunks(),
        new RoutingReader(host).read(vifs));
  }

  private LeaseKeeper keeper(Optional<String> device) {
    return device
        .flatMap(host::link)
        .map(link -> LeaseKeeper.of(link, files))
        .orElse(LeaseKeeper.NOBODY);
  }

  private Map<String, List<String>> trunks() {
    return TaggedNic.served(host.links()).stream()
        .collect(
            Collectors.toMap(
                TaggedNic::netdev, nic -> nic.served(host).stream().map(Link::name).toList()));
  }

  private DhcpFacts dhcp(Path runDirectory) {
    // It only looks: there is nothing to be warned of.
    DhcpKernel dhcp = new DhcpKernel(kernel, runDirectory, nothing -> {});
    List<String> users =
        Files.isReadable(RunFile.DHCP.in(runDirectory)) ? dhcp.dhcpUsers() : List.of();
    return new DhcpFacts(users, users.isEmpty() ? Optional.empty() : isRunning(dhcp));
  }

  private static Optional<Boolean> isRunning(DhcpKernel dhcp) {
    try {
      return Optional.of(dhcp.isDhcpRunning());
    } catch (KernelException e) {
      // Otherwise there is no such program any more.
      return Refusal.EPERM.is(e) ? Optional.empty() : Optional.of(false);
    }
  }

  private NetFacts.Device device(Link link) {
    return new NetFacts.Device(link.name(), link.alias(), link.kind(), host.master(link));
  }
}
