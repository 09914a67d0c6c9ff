package org.passerelle.link.testing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.DhcpHost;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.Neighbour;
import org.passerelle.link.rtnl.RawAttribute;
import org.passerelle.link.rtnl.TableEntry;

/**
 * All of a kernel's configuration, for comparison. Links are told by name, since one that was
 * deleted and made again has another index; addresses keep their order, routes have none. Among the
 * routes are the neighbours that were set for good.
 */
public record KernelState(
    Set<String> links, List<String> addresses, Set<String> routes, List<String> settings) {
  /** A bridge's four timers (IFLA_BR_HELLO_TIMER to GC_TIMER) and the count of stations learned. */
  private static final Set<Integer> TICKING = Set.of(16, 17, 18, 19, 48);

  public static KernelState of(Kernel kernel) {
    return of(kernel, UnaryOperator.identity());
  }

  /** For comparisons across time: lifetimes that end are all taken for the same. */
  public static KernelState ignoringLifetimes(Kernel kernel) {
    return of(
        kernel,
        address ->
            address.withLifetimes(
                address.validSeconds() == Address.FOREVER ? 1 : 0,
                address.preferredSeconds() == Address.FOREVER ? 1 : 0));
  }

  /** Of a real one those of links that are there: it looks up, and lists none. */
  private static List<DhcpHost> dhcpHosts(Kernel kernel, List<Link> all) {
    return kernel instanceof FakeKernel fake
        ? fake.dhcpHosts()
        : all.stream().flatMap(link -> kernel.dhcpHost(link.name()).stream()).toList();
  }

  private static KernelState of(Kernel kernel, UnaryOperator<Address> view) {
    List<Link> all = kernel.links();
    Set<String> links = new TreeSet<>();
    Set<String> routes = new TreeSet<>();
    all.forEach(link -> links.add(describe(link, all)));
    kernel.routes().forEach(route -> routes.add(route.toString()));
    kernel.neighbours().stream()
        .filter(Neighbour::isForGood)
        .forEach(neighbour -> routes.add(neighbour.toString()));
    return new KernelState(links, lists(kernel, all, view), routes, settings(kernel, all));
  }

  /** Those that our plans set, here and on each device. */
  private static List<String> settings(Kernel kernel, List<Link> all) {
    List<String> keys =
        new ArrayList<>(List.of("net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding"));
    for (Link link : all) {
      keys.add("net/ipv4/conf/" + link.name() + "/proxy_arp");
      keys.add("net/ipv4/conf/" + link.name() + "/forwarding");
      keys.add("net/ipv6/conf/" + link.name() + "/proxy_ndp");
      keys.add("net/ipv6/conf/" + link.name() + "/accept_ra");
    }
    List<String> settings = new ArrayList<>();
    keys.forEach(key -> settings.add(key + " = " + kernel.sysctl(key).orElse("(none)")));
    settings.add("table " + table(kernel));
    settings.add("DHCP for " + kernel.dhcpUsers() + " of " + dhcpHosts(kernel, all));
    all.forEach(link -> settings.add("guard of " + link.name() + " " + guard(kernel, link)));
    return settings;
  }

  private static String guard(Kernel kernel, Link link) {
    try {
      return kernel.guard(link.name()).toString();
    } catch (KernelException e) {
      return "of a kernel without";
    }
  }

  private static String table(Kernel kernel) {
    try {
      return kernel
          .table()
          .map(all -> all.stream().map(TableEntry::toString).sorted().toList())
          .toString();
    } catch (KernelException e) {
      return "of a kernel without";
    }
  }

  /** One line a device and family: the kernel keeps a list for each. */
  private static List<String> lists(Kernel kernel, List<Link> all, UnaryOperator<Address> view) {
    List<String> lists = new ArrayList<>();
    for (String device : all.stream().map(Link::name).sorted().toList()) {
      lists.add(device + " " + list(kernel, device, false, view));
      lists.add(device + " " + list(kernel, device, true, view));
    }
    return lists;
  }

  private static List<Address> list(
      Kernel kernel, String device, boolean v6, UnaryOperator<Address> view) {
    return kernel.addresses().stream()
        .filter(address -> address.device().equals(device))
        .filter(address -> address.local().isV6() == v6)
        .map(view)
        .toList();
  }

  /** What is here and not there (-), and there and not here (+); empty when they are equal. */
  public List<String> differencesFrom(KernelState other) {
    List<String> differences = new ArrayList<>();
    compare(links, other.links, differences);
    compare(addresses, other.addresses, differences);
    compare(routes, other.routes, differences);
    compare(settings, other.settings, differences);
    return differences;
  }

  private static void compare(
      Collection<String> here, Collection<String> there, List<String> differences) {
    here.stream().filter(one -> !there.contains(one)).forEach(one -> differences.add("- " + one));
    there.stream().filter(one -> !here.contains(one)).forEach(one -> differences.add("+ " + one));
  }

  private static String describe(Link link, List<Link> all) {
    return String.join(
        " ",
        link.name(),
        link.kind(),
        link.mac().toString(),
        "mtu " + link.mtu(),
        "flags " + Integer.toHexString(link.flags()),
        link.operState().toString(),
        "master " + name(link.master(), all),
        "lower " + name(link.lower(), all),
        "group " + link.group(),
        "alias " + link.alias(),
        "ipv6 " + link.ipv6AddressGeneration(),
        "data " + settings(link));
  }

  private static List<RawAttribute> settings(Link link) {
    return link.data().stream()
        .filter(one -> !link.kind().equals("bridge") || !TICKING.contains(one.type()))
        .toList();
  }

  private static String name(int index, List<Link> all) {
    return all.stream()
        .filter(link -> link.index() == index)
        .map(Link::name)
        .findFirst()
        .orElse("none");
  }
}
