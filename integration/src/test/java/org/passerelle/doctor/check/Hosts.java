package org.passerelle.doctor.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.passerelle.doctor.Finding;
import org.passerelle.doctor.facts.DhcpFacts;
import org.passerelle.doctor.facts.Facts;
import org.passerelle.doctor.facts.FilterFacts;
import org.passerelle.doctor.facts.KernelFacts;
import org.passerelle.doctor.facts.NetFacts;
import org.passerelle.doctor.facts.OwnFacts;
import org.passerelle.doctor.facts.Routing;
import org.passerelle.doctor.facts.Settings;
import org.passerelle.doctor.facts.XenFacts;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.HostCapability;
import org.passerelle.link.rtnl.TableEntry;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.natroute.nft.FilterChain;
import org.passerelle.natroute.nft.Ruleset;
import org.passerelle.scripts.LeaseKeeper;

/** A healthy host without Xen; a test makes it ill in one point. */
final class Hosts {
  static final Path OURS = Path.of("/opt/passerelle/scripts/bin");
  static final Path SCRIPTS = Path.of("/etc/xen/scripts");

  Optional<List<HostCapability>> tried =
      Optional.of(List.of(new HostCapability(Capability.BRIDGE, true, "", "")));
  boolean ipv6 = true;
  boolean readOnly;
  XenFacts xen = xen("", false, List.of(), Optional.empty(), Map.of(), Optional.empty(), true);
  final Map<String, String> settings = new HashMap<>(Map.of("ipv4/ip_forward", "0"));
  Optional<List<String>> legacy = Optional.of(List.of());
  boolean rulesRead = true;
  final List<String> tables = new ArrayList<>();
  final List<TableEntry> table = new ArrayList<>();
  final List<FilterChain> chains = new ArrayList<>();
  final List<NetFacts.Device> devices = new ArrayList<>();
  Optional<String> uplink = Optional.of("eth0");
  LeaseKeeper keeper = LeaseKeeper.NOBODY;
  Optional<String> keptPort = Optional.empty();
  final Map<String, List<String>> taps = new HashMap<>();
  final Map<String, Routing.Guest> guests = new HashMap<>();
  final List<Routing.Way> ways = new ArrayList<>();
  final List<Routing.Own> addresses = new ArrayList<>();
  final List<String> dhcpUsers = new ArrayList<>();
  Optional<Boolean> dhcpRunning = Optional.of(false);
  boolean readable = true;
  final List<OwnFacts.Left> journals = new ArrayList<>();
  final List<String> hostGuards = new ArrayList<>();
  final Map<String, String> services = new TreeMap<>();
  final Map<String, String> guards = new TreeMap<>();
  final List<String> started = new ArrayList<>();
  final Map<String, String> forwards = new TreeMap<>();
  final List<String> limited = new ArrayList<>();
  boolean leases;
  final List<String> trunks = new ArrayList<>();
  Optional<OwnFacts.Agent> agent = Optional.empty();
  final List<String> unarchived = new ArrayList<>();
  final List<String> labs = new ArrayList<>();
  final List<String> strays = new ArrayList<>();

  static XenFacts xen(
      String hypervisor,
      boolean dom0,
      List<String> missing,
      Optional<String> storeFailure,
      Map<String, XenFacts.State> scripts,
      Optional<String> vifScript,
      boolean runsScripts) {
    return new XenFacts(
        hypervisor,
        dom0,
        missing,
        storeFailure,
        SCRIPTS,
        scripts.entrySet().stream()
            .map(entry -> new XenFacts.Script(entry.getKey(), entry.getValue()))
            .toList(),
        OURS,
        vifScript,
        runsScripts);
  }

  /** A dom0 with these scripts. */
  Hosts dom0(Map<String, XenFacts.State> scripts, Optional<String> vifScript, boolean runs) {
    xen = xen("xen", true, List.of(), Optional.empty(), scripts, vifScript, runs);
    return this;
  }

  Hosts vif(String name, String master) {
    devices.add(new NetFacts.Device(name, "", "veth", master));
    return this;
  }

  /** network-nat is started for a NIC, and the packet filter does what it wants. */
  Hosts natted(String nic) {
    settings.put("ipv4/ip_forward", "1");
    started.add("network-nat " + nic);
    return entry("uplinks", nic, "network-nat");
  }

  /** A guest that its vif's script gave a way. */
  Hosts guest(String vif, Routing.Mode mode, String address) {
    guests.put(vif, new Routing.Guest(mode, List.of(IpPrefix.parse(address))));
    return vif(vif, "");
  }

  Hosts entry(String set, String key, String owner) {
    table.add(new TableEntry(set, List.of(key), List.of(), owner));
    return this;
  }

  Facts facts() {
    return new Facts(
        new KernelFacts(tried, "EPERM", ipv6, readOnly),
        xen,
        new Settings(settings),
        new FilterFacts(
            rulesRead ? Optional.of(new Ruleset(tables, chains)) : Optional.empty(),
            "EPERM",
            table,
            legacy),
        new NetFacts(devices, uplink, keeper, keptPort, taps, new Routing(guests, ways, addresses)),
        new DhcpFacts(dhcpUsers, dhcpRunning),
        new OwnFacts(
            Path.of("/run/passerelle"),
            readable,
            journals,
            hostGuards,
            services,
            guards,
            started,
            forwards,
            limited,
            leases,
            trunks,
            agent,
            unarchived,
            labs,
            strays));
  }

  /** What is not well, or not seen. */
  List<Finding> complaints() {
    return Checks.of(facts()).stream()
        .filter(finding -> finding.level() != Finding.Level.OK)
        .toList();
  }
}
