package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.testing.IpCommand;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.IpPrefix;

/** Routes of the real kernel, against what ip(8) says of them. */
@Needs({Capability.NET_ADMIN, Capability.VETH, Capability.IPROUTE2})
class NetlinkKernelRoutesTest {
  /** RTN_*, from 1 on. */
  private static final List<String> TYPES = List.of("unicast", "local", "broadcast");

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();

  private NetlinkKernel kernel;
  private IpCommand ip;

  @BeforeEach
  void open() {
    Namespace namespace = namespaces.create();
    kernel = namespace.kernel();
    ip = new IpCommand(namespace);
    kernel.create(LinkSpec.of("eth0", new VethKind("far0")));
    kernel.create(LinkSpec.of("veth0", new VethKind("far1")));
    Stream.of("eth0", "far0", "veth0", "far1")
        .forEach(name -> kernel.change(name, LinkChange.builder().up(true).build()));
  }

  @AfterEach
  void close() {
    kernel.close();
  }

  @Test
  void routesAreWhatIpShows() {
    setUpRoutes();
    for (String family : List.of("-4", "-6")) {
      List<Map<String, Object>> theirs =
          ip.list(family + " route show table all").stream()
              .filter(route -> !"local".equals(route.get("table")))
              .toList();
      List<Route> ours =
          kernel.routes().stream().filter(route -> route.isV6() == family.equals("-6")).toList();
      assertThat(ours).hasSizeGreaterThan(4);
      assertThat(ours.stream().map(NetlinkKernelRoutesTest::describe).toList())
          .isEqualTo(theirs.stream().map(NetlinkKernelRoutesTest::describe).toList());
    }
  }

  @Test
  void theRouteToAnAddressIsTheOneThatTheKernelTakes() {
    ip.batch(
        List.of(
            "addr add 203.0.113.10/24 dev veth0",
            "addr add 2001:db8:7::10/64 dev veth0 nodad",
            "route add 198.51.100.7 dev eth0 metric 2",
            "route add 198.51.100.7 dev veth0 metric 3",
            "route add 2001:db8:9::7 dev eth0",
            "route add unreachable 198.51.101.0/24",
            "route add blackhole 198.51.102.0/24",
            "route add prohibit 2001:db8:6::/48"));
    for (String one :
        List.of(
            "203.0.113.77",
            "203.0.113.10",
            "203.0.113.255",
            "198.51.100.7",
            "2001:db8:7::77",
            "2001:db8:7::10",
            "2001:db8:9::7")) {
      Map<String, Object> theirs = ip.list("route get fibmatch " + one).getFirst();
      Route ours = kernel.routeTo(IpPrefix.address(one)).orElseThrow();
      assertThat(ours.device()).as(one).isEqualTo(theirs.get("dev"));
      assertThat(ours.type())
          .as(one)
          .isEqualTo(TYPES.indexOf(theirs.getOrDefault("type", "unicast")) + 1);
      String length = "/" + ours.destination().length();
      String dst = (String) theirs.get("dst");
      assertThat(ours.destination())
          .isEqualTo(IpPrefix.parse(dst.contains("/") ? dst : dst + length));
      assertThat(dst.contains("/")).as(one).isNotEqualTo(ours.destination().isSingle());
    }
    for (String one :
        List.of("8.8.8.8", "198.51.101.1", "198.51.102.1", "2001:db8:6::1", "2001:db8:5::1")) {
      assertThat(kernel.routeTo(IpPrefix.address(one))).as(one).isEmpty();
    }
  }

  @Test
  void routesFromASourceAreThoseOfAllDevicesThatPreferIt() {
    ip.batch(
        List.of(
            "addr add 203.0.113.10/24 dev veth0",
            "addr add 2001:db8:7::10/64 dev veth0 nodad",
            "route add 198.51.100.0/24 dev eth0 src 203.0.113.10 table 7",
            "route add blackhole 198.51.101.0/24 src 203.0.113.10",
            "route add 198.51.102.0/24 dev eth0",
            "route add 2001:db8:9::/48 dev eth0 src 2001:db8:7::10"));
    assertThat(describe(kernel.routesFrom(Set.of(IpPrefix.address("203.0.113.10")))))
        .containsExactlyInAnyOrder(
            "198.51.100.0/24 eth0", "198.51.101.0/24 ", "203.0.113.0/24 veth0");
    assertThat(describe(kernel.routesFrom(Set.of(IpPrefix.address("2001:db8:7::10")))))
        .containsExactly("2001:db8:9:0:0:0:0:0/48 eth0");
    assertThat(kernel.routesFrom(Set.of(IpPrefix.address("203.0.113.11")))).isEmpty();
    assertThat(
            kernel.routesFrom(
                Set.of(IpPrefix.address("203.0.113.10"), IpPrefix.address("2001:db8:7::10"))))
        .hasSize(4);
    assertThat(kernel.routesFrom(Set.of())).isEmpty();
  }

  private static List<String> describe(List<Route> routes) {
    return routes.stream().map(route -> route.destination() + " " + route.device()).toList();
  }

  @Test
  void oneDevicesRoutesAreThoseOfAllThatUseIt() {
    setUpRoutes();
    ip.batch(
        List.of(
            "addr add 203.0.113.10/24 dev veth0",
            "addr add 2001:db8:7::10/64 dev veth0 nodad",
            "route add 198.51.105.0/24 nexthop via 192.0.2.1 dev eth0 nexthop via 203.0.113.1 dev"
                + " veth0",
            "route add 2001:db8:8::/48 nexthop via 2001:db8::1 dev eth0 nexthop via 2001:db8:7::1"
                + " dev veth0"));
    for (String device : List.of("eth0", "veth0", "far0")) {
      List<Route> all = kernel.routes().stream().filter(route -> route.uses(device)).toList();
      assertThat(all).isNotEmpty();
      assertThat(timeless(kernel.routes(device))).isEqualTo(timeless(all));
    }
    assertThat(kernel.routes("gone0")).isEmpty();
  }

  /** Lifetimes grow shorter between two questions. */
  private static List<Route> timeless(List<Route> routes) {
    return routes.stream()
        .map(route -> route.expiringIn(route.expiresSeconds().map(_ -> 0L)))
        .toList();
  }

  private void setUpRoutes() {
    ip.batch(
        List.of(
            "addr add 192.0.2.10/24 dev eth0",
            "addr add 2001:db8::10/64 dev eth0 nodad",
            "route add default via 192.0.2.1 dev eth0 proto static metric 100 src 192.0.2.10",
            "route add 198.51.100.0/24 via 192.0.2.1 dev eth0 mtu 1400 advmss 1360",
            "route add 198.51.101.0/24 nexthop via 192.0.2.1 dev eth0 weight 3 nexthop via"
                + " 192.0.2.2 dev eth0",
            "route add 198.51.102.0/24 via inet6 fe80::1 dev eth0",
            "route add 10.9.0.0/16 via 203.0.113.1 dev eth0 onlink tos 0x10",
            "route add blackhole 203.0.113.0/24 table 1000",
            "route add default via fe80::1 dev eth0",
            "route add 2001:db8:1::/48 via 2001:db8::1 dev eth0 expires 600 metric 77",
            "route add 2001:db8:3::/48 nexthop via 2001:db8::1 dev eth0 nexthop via 2001:db8::2 dev"
                + " eth0",
            "route add unreachable ::ffff:0.0.0.0/96",
            "route add 2001:db8:4::/48 from 2001:db8:5::/48 via 2001:db8::1 dev eth0"));
  }

  private static String describe(Map<String, Object> route) {
    boolean deadEnd = !"unicast".equals(route.getOrDefault("type", "unicast"));
    return String.join(
        " ",
        route.get("dst") + "",
        "dev " + (deadEnd ? "" : route.getOrDefault("dev", "")),
        "table " + route.getOrDefault("table", "main"),
        "protocol " + route.get("protocol"),
        "metric " + route.getOrDefault("metric", 0L),
        "hops " + (route.containsKey("nexthops") ? ((List<?>) route.get("nexthops")).size() : 0));
  }

  private static String describe(Route route) {
    int host = route.isV6() ? 128 : 32;
    String address = ip6(route.destination());
    String destination =
        route.destination().length() == host
            ? address
            : address + "/" + route.destination().length();
    return String.join(
        " ",
        route.destination().length() == 0 ? "default" : destination,
        "dev " + route.device(),
        "table " + (route.table() == Route.TABLE_MAIN ? "main" : "" + route.table()),
        "protocol " + Map.of(2, "kernel", 3, "boot", 4, "static").get(route.protocol()),
        "metric " + route.metric(),
        "hops " + route.hops().size());
  }

  /** The shortest form, as ip prints it; enough for the addresses of this test. */
  private static String ip6(IpPrefix prefix) {
    String text = prefix.address().getHostAddress();
    return text.equals("0:0:0:0:0:ffff:0:0") ? "::ffff:0.0.0.0" : text.replaceFirst("(:0)+$", "::");
  }

  @Test
  void routesComeBackAsTheyWere() {
    setUpRoutes();
    List<Route> before = own();
    assertThat(before).hasSize(11);
    before.forEach(kernel::remove);
    assertThat(own()).isEmpty();
    before.forEach(kernel::add);
    assertThat(own()).usingRecursiveComparison().ignoringFields("expiresSeconds").isEqualTo(before);
    assertThat(own().stream().flatMap(route -> route.expiresSeconds().stream()))
        .singleElement()
        .satisfies(seconds -> assertThat(seconds).isBetween(500L, 600L));
  }

  private List<Route> own() {
    return kernel.routes().stream()
        .filter(route -> route.protocol() != Route.PROTOCOL_KERNEL)
        .sorted(
            Comparator.comparing((Route route) -> route.destination().toString())
                .thenComparing(Route::table))
        .toList();
  }

  @Test
  void routeToNowhereIsRefusedWithTheKernelsText() {
    Route route = Route.via(IpPrefix.parse("10.0.0.0/8"), IpPrefix.address("10.9.9.9"), "eth0");
    assertThatThrownBy(() -> kernel.add(route))
        .hasMessage(
            "add route 10.0.0.0/8 via 10.9.9.9 dev eth0 table 254: ENETUNREACH (101, Network is"
                + " unreachable): Nexthop has invalid gateway");
  }
}
