package org.passerelle.doctor.facts;

import java.util.List;
import java.util.Optional;
import org.passerelle.scripts.LeaseKeeper;

/**
 * Links, and the way out.
 *
 * @param uplink the device of the default route
 * @param keeper who configures it, as far as files tell
 */
public record NetFacts(List<Device> devices, Optional<String> uplink, LeaseKeeper keeper) {

  public NetFacts {
    devices = List.copyOf(devices);
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

  /** The same by the first name of one that was given another. */
  public boolean knows(String vif) {
    return has(vif) || devices.stream().anyMatch(one -> one.alias().equals(vif));
  }

  public List<Device> vifs() {
    return devices.stream().filter(Device::isVif).toList();
  }

  /** Those to whose guests dom0 is the router. */
  public List<String> routed() {
    return vifs().stream().filter(one -> one.master().isEmpty()).map(Device::name).toList();
  }

  /** The bridges that have a guest. */
  public List<String> bridges() {
    return vifs().stream()
        .map(Device::master)
        .filter(master -> !master.isEmpty())
        .distinct()
        .toList();
  }

  /** A port of a bridge that is no guest's. */
  public Optional<String> portOutside(String bridge) {
    return devices.stream()
        .filter(one -> one.master().equals(bridge) && !one.isVif())
        .map(Device::name)
        .findFirst();
  }
}
