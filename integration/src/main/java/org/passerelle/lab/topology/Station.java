package org.passerelle.lab.topology;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.passerelle.lab.model.Family;

/**
 * A host of the lab, with a network stack of its own.
 *
 * @param forwards whether it passes packets on from one network to another; dom0's scripts decide
 *     for dom0
 */
public record Station(String name, Kind kind, List<Interface> interfaces, boolean forwards) {

  /** What it is to the Xen host. */
  public enum Kind {
    DOM0,
    DOMAIN,
    OUTSIDE
  }

  public Optional<Interface> device(String device) {
    return interfaces.stream().filter(i -> i.device().equals(device)).findFirst();
  }

  /** The first interface with an address of the family. */
  public Optional<Interface> speaking(Family family) {
    return interfaces.stream().filter(i -> i.address(family).isPresent()).findFirst();
  }

  public boolean hasRouteTo(InetAddress address) {
    return interfaces.stream().anyMatch(i -> i.hasRouteTo(address));
  }
}
