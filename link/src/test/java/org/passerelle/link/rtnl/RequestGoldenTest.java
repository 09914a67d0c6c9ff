package org.passerelle.link.rtnl;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.passerelle.link.netlink.NetlinkWriter;
import org.passerelle.link.testing.Golden;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.link.wire.VlanId;

/** What we send is, octet for octet, what ip(8) and tc(8) send for the same command. */
class RequestGoldenTest {
  private static final Map<String, byte[]> GOLDEN =
      Golden.sections(RequestGoldenTest.class, "requests.golden", "debian-requests.golden");

  private static final LinkNames NAMES =
      new LinkNames() {
        @Override
        public Optional<String> name(int index) {
          return Optional.empty();
        }

        @Override
        public int index(String name) {
          assertThat(name).isEqualTo("veth0");
          return 4;
        }
      };

  /** What has the tag of VLAN 100, or one of 200 to 299, is dropped. */
  private static final String DROP_VLANS =
      "15,32 0 0 4294963248,21 1 0 1,6 0 0 4294967295,32 0 0 4294963260,21 1 0 33024,6 0 0"
          + " 4294967295,32 0 0 4294963244,84 0 0 4095,53 0 2 100,37 1 0 100,6 0 0 2,53 0 2 200,37"
          + " 1 0 299,6 0 0 2,6 0 0 4294967295";

  private static final int XENBR0 = 2;
  private static final int VIF = 3;
  private static final int VETH1 = 6;

  private final Map<String, NetlinkWriter> ours = new HashMap<>();

  RequestGoldenTest() {
    createdLinks();
    linksOfFurtherKinds();
    changedLinks();
    addresses();
    routes();
    neighbours();
    filters();
  }

  private void createdLinks() {
    LinkKind bridge = kind("bridge", Optional.empty(), raw(5, 0, 0, 0, 0), raw(1, 0, 0, 0, 0));
    LinkSpec marked =
        LinkSpec.of("veth1", new VethKind("vif0.1"))
            .withMac(MacAddress.parse("00:16:3e:00:00:01"))
            .withMtu(1400)
            .withGroup(30583);
    LinkSpec upper = LinkSpec.of("mv0", kind("macvlan", Optional.of("veth0")));
    ours.put(
        "ip link add xenbr0 type bridge stp_state 0 forward_delay 0",
        LinkMessages.create(LinkSpec.of("xenbr0", bridge), 0));
    ours.put(
        "ip link add veth0 type veth peer name vif0.0",
        LinkMessages.create(LinkSpec.of("veth0", new VethKind("vif0.0")), 0));
    ours.put(
        "ip link add veth1 address 00:16:3e:00:00:01 mtu 1400 group 30583 type veth peer name"
            + " vif0.1 group 30583",
        LinkMessages.create(marked, 0));
    ours.put("ip link add link veth0 name mv0 type macvlan", LinkMessages.create(upper, 4));
    ours.put("ip link del dev veth0", LinkMessages.delete(4));
  }

  /** This layer knows their names and octets only. */
  private void linksOfFurtherKinds() {
    LinkKind vlan = kind("vlan", Optional.of("eth0"), raw(1, 100, 0), raw(5, 0x81, 0));
    LinkKind service =
        kind(
            "vlan",
            Optional.of("eth0"),
            raw(1, 200, 0),
            raw(5, 0x88, 0xa8),
            raw(2, 4, 0, 0, 0, 5, 0, 0, 0));
    ours.put(
        "ip link add link eth0 name eth0.100 type vlan id 100 protocol 802.1Q",
        LinkMessages.create(LinkSpec.of("eth0.100", vlan), 3));
    ours.put(
        "ip link add link eth0 name eth0.200 type vlan id 200 protocol 802.1ad reorder_hdr off"
            + " loose_binding on",
        LinkMessages.create(LinkSpec.of("eth0.200", service), 3));
    ours.put(
        "ip link add xenbr0 type bridge vlan_filtering 1",
        LinkMessages.create(LinkSpec.of("xenbr0", kind("bridge", Optional.empty(), raw(7, 1))), 0));
    ours.put(
        "ip link add bond0 type bond mode active-backup",
        LinkMessages.create(LinkSpec.of("bond0", kind("bond", Optional.empty(), raw(1, 1))), 0));
    ours.put(
        "ip link set dev eth1 master bond0",
        LinkMessages.change(11, LinkChange.builder().master("bond0").build(), 9));
  }

  private void changedLinks() {
    vif("vif0.0 down", LinkChange.builder().up(false));
    vif("vif0.0 up", LinkChange.builder().up(true));
    vif("vif0.0 address fe:ff:ff:ff:ff:ff", LinkChange.builder().mac(MacAddress.VIF));
    vif("vif0.0 mtu 1400", LinkChange.builder().mtu(1400));
    vif("vif0.0 arp off multicast off", LinkChange.builder().arp(false).multicast(false));
    vif("vif0.0 nomaster", LinkChange.builder().master(""));
    vif("vif0.0 name vif7.0", LinkChange.builder().name("vif7.0"));
    vif("vif7.0 alias passerelle:xenbr0", LinkChange.builder().alias("passerelle:xenbr0"));
    vif("vif7.0 group 30583", LinkChange.builder().group(30583));
    vif("vif7.0 gso_max_size 32768", LinkChange.builder().gsoMaxSize(32768));
    ours.put(
        "ip link set dev vif0.0 master xenbr0",
        LinkMessages.change(VIF, LinkChange.builder().master("xenbr0").build(), XENBR0));
    ours.put(
        "ip link set veth1 netns FILE",
        LinkMessages.change(VETH1, LinkChange.builder().namespace(4).build(), 0));
    ours.put(
        "ip link set dev vif7.0 addrgenmode none",
        LinkMessages.ipv6AddressGeneration(VIF, Link.IPV6_NONE));
    ours.put(
        "ip link property add dev vif7.0 altname the-long-name-of-vif7.0",
        LinkMessages.addAlternativeName(VIF, "the-long-name-of-vif7.0"));
    LinkKind delay = kind("bridge", Optional.empty(), raw(1, 0x90, 1, 0, 0));
    ours.put(
        "ip link set dev xenbr0 type bridge forward_delay 400",
        LinkMessages.change(XENBR0, LinkChange.builder().kind(delay).build(), 0));
  }

  private void vif(String words, LinkChange.Builder change) {
    ours.put("ip link set dev " + words, LinkMessages.change(VIF, change.build(), 0));
  }

  private void addresses() {
    Address plain = Address.of("veth0", IpPrefix.parse("192.0.2.10/24"));
    Address labelled =
        new Address(
            "veth0",
            plain.local(),
            Optional.empty(),
            Optional.of(IpPrefix.address("192.0.2.255")),
            "veth0:1",
            0,
            AddressFlags.PERMANENT,
            Address.FOREVER,
            Address.FOREVER,
            0);
    Address pointToPoint =
        new Address(
            "veth0",
            IpPrefix.parse("192.0.2.20/32"),
            Optional.of(IpPrefix.address("192.0.2.21")),
            Optional.empty(),
            "",
            0,
            AddressFlags.NOPREFIXROUTE,
            1000,
            500,
            50);
    Address six = Address.of("veth0", IpPrefix.parse("2001:db8::10/64"));
    Address dying =
        new Address(
            "veth0",
            IpPrefix.parse("2001:db8::20/64"),
            Optional.empty(),
            Optional.empty(),
            "",
            0,
            AddressFlags.TENTATIVE,
            1000,
            500,
            0);
    added("192.0.2.10/24 brd 192.0.2.255 label veth0:1 dev veth0", labelled);
    added(
        "192.0.2.20 peer 192.0.2.21/32 dev veth0 metric 50 valid_lft 1000 preferred_lft 500"
            + " noprefixroute",
        pointToPoint);
    added("2001:db8::10/64 dev veth0 nodad", six.withFlags(AddressFlags.NODAD));
    added("2001:db8::20/64 dev veth0 valid_lft 1000 preferred_lft 500", dying);
    ours.put("ip addr del 192.0.2.10/24 dev veth0", AddressMessages.remove(plain, NAMES));
  }

  private void added(String words, Address address) {
    ours.put("ip addr add " + words, AddressMessages.add(address, NAMES));
  }

  private void routes() {
    Route plain = via("198.51.100.0/24", "192.0.2.1");
    route("add 198.51.100.0/24 via 192.0.2.1 dev veth0", plain);
    ours.put(
        "ip route del unicast 198.51.100.0/24 proto boot scope global via 192.0.2.1 dev veth0",
        RouteMessages.remove(plain, NAMES));
    route(
        "add default via 192.0.2.1 dev veth0 proto static metric 100 src 192.0.2.10 mtu 1400",
        new Route(
            IpPrefix.parse("0.0.0.0/0"),
            "veth0",
            Optional.of(IpPrefix.address("192.0.2.1")),
            Optional.of(IpPrefix.address("192.0.2.10")),
            Route.TABLE_MAIN,
            Route.PROTOCOL_STATIC,
            0,
            Route.TYPE_UNICAST,
            100,
            0,
            Optional.empty(),
            List.of(),
            List.of(raw(8, 8, 0, 2, 0, 0x78, 5, 0, 0))));
    route("add blackhole 203.0.113.0/24 table 1000", deadEnd("203.0.113.0/24", 6, 1000));
    route("add 198.51.102.0/24 via inet6 fe80::1 dev veth0", via("198.51.102.0/24", "fe80::1"));
    route(
        "add 198.51.101.0/24 nexthop via 192.0.2.1 dev veth0 weight 2 nexthop via 192.0.2.2 dev"
            + " veth0 weight 1 onlink",
        twoHops());
    ours.put(
        "ip -6 route add 2001:db8:1::/48 via 2001:db8::1 dev veth0 expires 600 metric 77",
        RouteMessages.add(expiring(), NAMES));
    ours.put(
        "ip -6 route add unreachable 2001:db8:2::/48",
        RouteMessages.add(deadEnd("2001:db8:2::/48", 7, Route.TABLE_MAIN), NAMES));
  }

  private void route(String words, Route route) {
    ours.put("ip route " + words, RouteMessages.add(route, NAMES));
  }

  private static Route via(String destination, String gateway) {
    return Route.via(IpPrefix.parse(destination), IpPrefix.address(gateway), "veth0");
  }

  private static Route expiring() {
    return route("2001:db8:1::/48", "veth0", "2001:db8::1", 254, 1, 77, 600L, List.of());
  }

  private static Route deadEnd(String destination, int type, int table) {
    return route(destination, "", "", table, type, 0, null, List.of());
  }

  private static Route twoHops() {
    List<Route.Hop> hops = List.of(hop("192.0.2.1", 2, 0), hop("192.0.2.2", 1, 4));
    return route("198.51.101.0/24", "", "", 254, 1, 0, null, hops);
  }

  private static Route.Hop hop(String gateway, int weight, int flags) {
    return new Route.Hop("veth0", Optional.of(IpPrefix.address(gateway)), weight, flags);
  }

  private static Route route(
      String destination,
      String device,
      String gateway,
      int table,
      int type,
      long metric,
      Long expires,
      List<Route.Hop> hops) {
    return new Route(
        IpPrefix.parse(destination),
        device,
        gateway.isEmpty() ? Optional.empty() : Optional.of(IpPrefix.address(gateway)),
        Optional.empty(),
        table,
        Route.PROTOCOL_BOOT,
        0,
        type,
        metric,
        0,
        Optional.ofNullable(expires),
        hops,
        List.of());
  }

  private void neighbours() {
    InetAddress seven = IpPrefix.address("192.0.2.7");
    Optional<MacAddress> mac = Optional.of(MacAddress.parse("00:16:3e:01:02:03"));
    Neighbour known = new Neighbour("veth0", seven, mac, Neighbour.PERMANENT, 0);
    InetAddress nine = IpPrefix.address("192.0.2.9");
    Neighbour proxy = new Neighbour("veth0", nine, Optional.empty(), Neighbour.PERMANENT, 8);
    ours.put(
        "ip neigh add 192.0.2.7 lladdr 00:16:3e:01:02:03 nud permanent dev veth0",
        NeighbourMessages.add(known, NAMES));
    ours.put("ip neigh add proxy 192.0.2.9 dev veth0", NeighbourMessages.add(proxy, NAMES));
    ours.put("ip neigh del 192.0.2.7 dev veth0", NeighbourMessages.remove(known, NAMES));
  }

  private void filters() {
    ours.put("tc qdisc add dev vif0.0 clsact", IngressMessages.addPlace(VIF));
    ours.put(
        "tc filter add dev vif0.0 ingress pref 1 protocol all bpf da bytecode '1,6 0 0 2'",
        IngressMessages.dropAll(VIF));
    TreeSet<VlanId> vlans = new TreeSet<>(List.of(new VlanId(100)));
    IntStream.rangeClosed(200, 299).mapToObj(VlanId::new).forEach(vlans::add);
    dropVlans(1, vlans, FilterPlace.OTHERS);
    dropVlans(2, vlans, FilterPlace.OURS);
    ours.put(
        "tc filter del dev vif0.0 ingress pref 20567 protocol all",
        IngressMessages.dropNoVlans(VIF));
    ours.put("tc qdisc del dev vif0.0 clsact", IngressMessages.removePlace(VIF));
  }

  private void dropVlans(int handle, TreeSet<VlanId> vlans, FilterPlace place) {
    ours.put(
        "tc filter replace dev vif0.0 ingress pref 20567 protocol all handle "
            + handle
            + " bpf da bytecode '"
            + DROP_VLANS
            + "'",
        IngressMessages.dropVlans(VIF, vlans, place));
  }

  @TestFactory
  Stream<DynamicTest> isWhatIpSends() {
    return GOLDEN.entrySet().stream()
        .map(golden -> DynamicTest.dynamicTest(golden.getKey(), () -> compare(golden)));
  }

  private void compare(Map.Entry<String, byte[]> golden) {
    assertThat(ours).containsKey(golden.getKey());
    int sequence = ByteBuffer.wrap(golden.getValue()).order(ByteOrder.LITTLE_ENDIAN).getInt(8);
    HexFormat hex = HexFormat.ofDelimiter(" ");
    assertThat(hex.formatHex(ours.get(golden.getKey()).finish(sequence)))
        .isEqualTo(hex.formatHex(golden.getValue()));
  }

  @Test
  void everyCommandHasItsCapture() {
    assertThat(ours.keySet()).isEqualTo(GOLDEN.keySet());
  }

  private static RawAttribute raw(int type, int... octets) {
    byte[] value = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      value[i] = (byte) octets[i];
    }
    return new RawAttribute(type, value);
  }

  private static LinkKind kind(String name, Optional<String> lower, RawAttribute... data) {
    return new TestKind(name, lower, List.of(data));
  }

  private record TestKind(String name, Optional<String> lower, List<RawAttribute> data)
      implements LinkKind {
    @Override
    public String ipArguments() {
      return "";
    }
  }
}
