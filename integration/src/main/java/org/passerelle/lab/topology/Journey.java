package org.passerelle.lab.topology;

import java.net.InetAddress;
import java.util.Optional;
import org.passerelle.lab.model.Family;

/**
 * A check's path with names made into addresses.
 *
 * @param source the address to send from; empty where the kernel is to choose
 * @param sender the interface whose addresses the packets will most likely carry
 * @param target where to
 * @param receiver who has that address; empty when it is nobody's
 */
public record Journey(
    Station from,
    Optional<InetAddress> source,
    Optional<Interface> sender,
    InetAddress target,
    Optional<Interface> receiver) {

  public Family family() {
    return Family.of(target);
  }
}
