package org.passerelle.doctor.facts;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.passerelle.link.wire.IpPrefix;

/**
 * Where dom0's routes lead.
 *
 * @param guests those whose router dom0 is, by their vifs
 * @param ways all routes but those to guests
 * @param own dom0's own addresses
 */
public record Routing(Map<String, Guest> guests, List<Way> ways, List<Own> own) {

  public Routing {
    guests = Map.copyOf(guests);
    ways = List.copyOf(ways);
    own = List.copyOf(own);
  }

  /** Whose script attached a guest; of one that has IPv6 alone nobody can tell. */
  public enum Mode {
    NAT,
    ROUTE,
    EITHER
  }

  /** A guest, as its vif's script attached it. */
  public record Guest(Mode mode, List<IpPrefix> addresses) {

    public Guest {
      addresses = List.copyOf(addresses);
    }

    /** The first of its addresses in a family. */
    public Optional<String> address(boolean v6) {
      return addresses.stream()
          .filter(one -> one.isV6() == v6)
          .map(one -> one.address().getHostAddress())
          .findFirst();
    }
  }

  /** A route. */
  public record Way(IpPrefix to, String device) {
    boolean isDefault() {
      return to.length() == 0;
    }
  }

  /** An address of dom0's. */
  public record Own(String device, InetAddress address) {}

  /** Whether whatever is outside is found by a device. */
  public boolean leadsOut(String device, boolean v6) {
    return ways.stream()
        .anyMatch(way -> way.isDefault() && way.to().isV6() == v6 && way.device().equals(device));
  }

  /** What nobody has who is reached by a device: dom0's addresses, and networks elsewhere. */
  public List<IpPrefix> notBy(String device) {
    return Stream.concat(
            own.stream().map(one -> IpPrefix.single(one.address())),
            ways.stream()
                .filter(way -> !way.isDefault() && !way.device().equals(device))
                .map(Way::to))
        .distinct()
        .toList();
  }

  /** A device's own address, by which others outside its link know it. */
  public Optional<String> address(String device, boolean v6) {
    return own.stream()
        .filter(one -> one.device().equals(device))
        .map(Own::address)
        .filter(one -> one.getAddress().length == (v6 ? 16 : 4) && !one.isLinkLocalAddress())
        .map(InetAddress::getHostAddress)
        .findFirst();
  }
}
