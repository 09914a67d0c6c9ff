package org.passerelle.natroute;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.list.Lists;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.link.plan.RemoveNeighbour;
import org.passerelle.link.wire.IpPrefix;

/**
 * A way to an IPv6 address or network of a guest's, as a vif's script made it. Routes of IPv4 tell
 * by their source address whose they are. IPv6's have none, so that an administrator's by the same
 * vif looks as ours do: scripts keep the words of theirs.
 *
 * @param uplink where dom0 answers for the address; empty where it does not
 */
public record Ipv6Way(IpPrefix destination, Optional<String> uplink) {

  /** Throws IllegalArgumentException for what {@link #text} did not make. */
  public static Ipv6Way parse(String text) {
    String[] words = text.split(" ", 2);
    return new Ipv6Way(
        IpPrefix.parse(words[0]), Optional.of(words).filter(w -> w.length > 1).map(w -> w[1]));
  }

  /** {@code 2001:db8::7 eth0}, or {@code 2001:db8:7::/48} alone. */
  public String text() {
    return GuestAddresses.text(destination) + uplink.map(" "::concat).orElse("");
  }

  /** Plans that dom0 answers for these no more. */
  public static void unanswer(PlanSteps steps, List<Ipv6Way> left) {
    for (Ipv6Way one : left) {
      one.uplink().ifPresent(uplink -> unanswer(steps, uplink, one.destination().address()));
    }
  }

  static void unanswer(PlanSteps steps, String uplink, InetAddress address) {
    Lists.filter(
            steps.host().neighbours(uplink), one -> one.isProxy() && one.address().equals(address))
        .forEach(one -> steps.add(new RemoveNeighbour(one, 0), "the guest is not there any more"));
  }
}
