package org.passerelle.doctor.facts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.passerelle.scripts.LeaseKeeper;

/**
 * Links, and the way out.
 *
 * @param uplink the device of the default route
 * @param keeper who configures it, as far as files tell
 * @param keptPort the port of it that the keeper configures instead; empty where it is the uplink
 * @param trunks by their NICs, the VLANs' devices that a trunk process is to serve
 */
public record NetFacts(
    List<Device> devices,
    Optional<String> uplink,
    LeaseKeeper keeper,
    Optional<String> keptPort,
    Map<String, List<String>> trunks,
    Routing routing) {

  public NetFacts {
    devices = List.copyOf(devices);
    trunks = Map.copyOf(trunks);
  }

  /**
   * A link.
   *
   * @param alias a vif's first name, when it was given another one
   * @param master the bridge that it is a port of; empty when none
   */
  public record Device(String name, String alias, String kind, String master) {

    /** Those of domain 0 are its own. */
    boolean isVif() {
      return (name + "\n" + alias).lines().anyMatch(n -> n.matches("vif[1-9]\\d*\\.\\d+(-emu)?"));
    }
  }

  public boolean has(String device) {
    return devices.stream().anyMatch(one -> one.name().equals(device));
  }

  /** Whether it is no NIC, but a device that a start of network-bridge makes. */
  public boolean isMade(String device) {
    return devices.stream()
        .filter(one -> one.name().equals(device))
        .anyMatch(one -> one.kind().equals("bridge") || one.kind().equals("veth"));
  }

  /** What a vif is called now, by its first name; empty where it is gone. */
  public Optional<String> nameOf(String vif) {
    return devices.stream()
        .filter(one -> one.name().equals(vif) || one.alias().equals(vif))
        .map(Device::name)
        .findFirst();
  }

  public List<Device> vifs() {
    return devices.stream().filter(Device::isVif).toList();
  }

  /** Those to whose guests dom0 is the router. */
  public List<String> routed() {
    return vifs().stream().filter(one -> one.master().isEmpty()).map(Device::name).toList();
  }

  /** The bridges that have a guest, each with its guests' devices. */
  public Map<String, List<String>> bridges() {
    return vifs().stream()
        .filter(one -> !one.master().isEmpty())
        .collect(
            Collectors.groupingBy(
                Device::master,
                LinkedHashMap::new,
                Collectors.mapping(Device::name, Collectors.toList())));
  }

  /** A port of a bridge that is no guest's. */
  public Optional<String> portOutside(String bridge) {
    return portOutside(devices, bridge);
  }

  static Optional<String> portOutside(List<Device> devices, String bridge) {
    return devices.stream()
        .filter(one -> one.master().equals(bridge) && !one.isVif())
        .map(Device::name)
        .findFirst();
  }
}
