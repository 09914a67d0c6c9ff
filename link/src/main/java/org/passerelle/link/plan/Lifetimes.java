package org.passerelle.link.plan;

import java.util.Optional;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Route;

/** Lifetimes that ran on while an undo lay in a journal. */
final class Lifetimes {
  private Lifetimes() {}

  static Address aged(Address address, long seconds) {
    // The kernel refuses a valid lifetime of 0; an address that is over has its last second.
    long valid = Math.max(1, less(address.validSeconds(), seconds));
    return address.withLifetimes(valid, less(address.preferredSeconds(), seconds));
  }

  static Route aged(Route route, long seconds) {
    Optional<Long> left = route.expiresSeconds().map(time -> Math.max(1, time - seconds));
    return route.expiringIn(left);
  }

  private static long less(long lifetime, long seconds) {
    return lifetime == Address.FOREVER ? lifetime : Math.max(0, lifetime - seconds);
  }
}
