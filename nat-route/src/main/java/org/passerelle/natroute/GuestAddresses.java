package org.passerelle.natroute;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.list.Lists;
import org.passerelle.link.list.Words;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Ipv6Text;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.SetSysctl;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.wire.IpPrefix;

/** The addresses and networks of a guest: {@code ip=} of its vif, with blanks between. */
public record GuestAddresses(List<IpPrefix> all) {

  public GuestAddresses {
    all = Lists.distinct(all);
  }

  /** Throws RefusedException for what is no address. */
  public static GuestAddresses parse(String text) {
    return new GuestAddresses(Lists.map(Words.split(text, Words.BLANKS), GuestAddresses::prefix));
  }

  /** Those that are addresses: for the release of a vif, which no wrong word may keep up. */
  public static GuestAddresses parseWhatCanBe(String text) {
    List<IpPrefix> good = new ArrayList<>();
    for (String word : Words.split(text, Words.BLANKS)) {
      try {
        good.addAll(parse(word).all());
      } catch (RefusedException e) {
        // Nothing was ever done for it.
      }
    }
    return new GuestAddresses(good);
  }

  private static IpPrefix prefix(String text) {
    try {
      return IpPrefix.parse(text);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          "ip="
              + text.replaceAll("[^!-~]", "?")
              + " is neither an address nor a network"
              + (text.contains(",") ? ": blanks stand between several, no commas" : ""));
    }
  }

  /** One of them, as people write it. */
  static String text(IpPrefix one) {
    return Ipv6Text.of(one.address()) + (one.isSingle() ? "" : "/" + one.length());
  }

  /** Those that can be reached by a vif: where IPv6 is off none of IPv6. */
  List<IpPrefix> reachable(Host host, VifDevice vif) {
    List<IpPrefix> ipv4 = Lists.filter(all, one -> !one.isV6());
    return ipv4.size() == all.size() || withoutIpv6(host, vif).isPresent() ? ipv4 : all;
  }

  /** Where IPv6 is off; empty where it is on. */
  private static Optional<String> withoutIpv6(Host host, VifDevice vif) {
    return host.hasIpv6()
        ? vif.ifThere(host)
            .map(link -> SetSysctl.of(link.name(), SetSysctl.IPV6, "disable_ipv6", "1"))
            .filter(off -> off.present(host).equals(Optional.of(off.value())))
            .map(off -> "at this vif (" + off.path() + "=1)")
        : Optional.of("in this kernel");
  }

  /** What is to be said when some of them cannot be reached. */
  public Optional<String> remark(Host host, VifDevice vif) {
    List<IpPrefix> left = new ArrayList<>(all);
    left.removeAll(reachable(host, vif));
    return left.isEmpty()
        ? Optional.empty()
        : withoutIpv6(host, vif)
            .map(where -> "IPv6 is off " + where + ", so there is no way to " + left);
  }

  boolean isOnlyIpv6() {
    return !all.isEmpty() && Lists.all(all, IpPrefix::isV6);
  }

  /** Each alone, whatever network it is of. */
  public GuestAddresses alone() {
    return new GuestAddresses(Lists.map(all, one -> IpPrefix.single(one.address())));
  }

  /**
   * What the guest may send from: an address with the length of its network is that address, and
   * one without host bits is the whole network. None that lies in another.
   */
  List<IpPrefix> senders() {
    List<IpPrefix> meant =
        Lists.map(all, one -> isNetwork(one) ? one : IpPrefix.single(one.address()));
    return Lists.filter(meant, one -> !Lists.any(meant, other -> lies(one, other)));
  }

  /** Of two addresses each is a host's (RFC 3021, RFC 6164). */
  static boolean isNetwork(IpPrefix one) {
    int most = one.isV6() ? 126 : 30;
    return one.length() <= most && one.first().equals(one.address());
  }

  private static boolean lies(IpPrefix inner, IpPrefix outer) {
    return outer.length() < inner.length() && outer.contains(inner.address());
  }
}
