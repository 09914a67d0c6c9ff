package org.passerelle.link.rtnl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.passerelle.link.netlink.MalformedMessageException;
import org.passerelle.link.netlink.NetlinkMessage;
import org.passerelle.link.testing.Golden;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** What a kernel answered to ip(8), as our records. */
class ReplyGoldenTest {
  private static final Map<String, byte[]> GOLDEN =
      Golden.sections(ReplyGoldenTest.class, "replies.golden");

  private static final Map<Integer, String> LINKS =
      Map.of(1, "lo", 2, "xenbr0", 9, "vif0.0", 10, "veth0");

  private static final LinkNames NAMES =
      new LinkNames() {
        @Override
        public Optional<String> name(int index) {
          return Optional.ofNullable(LINKS.get(index));
        }

        @Override
        public int index(String name) {
          throw new AssertionError(name);
        }
      };

  @Test
  void vethWithAllItsMarks() {
    assertThat(LinkMessages.parse(only("ip -d link show dev veth0")))
        .isEqualTo(
            new Link(
                10,
                "veth0",
                List.of("the-long-name-of-veth0"),
                "veth",
                MacAddress.parse("00:16:3e:01:02:03"),
                1500,
                LinkFlags.UP
                    | LinkFlags.BROADCAST
                    | LinkFlags.RUNNING
                    | LinkFlags.MULTICAST
                    | LinkFlags.LOWER_UP,
                Link.OperState.UP,
                0,
                9,
                false,
                30583,
                "passerelle:xenbr0",
                OptionalInt.of(Link.IPV6_FROM_MAC),
                List.of()));
  }

  @Test
  void bridgeWithItsSettings() {
    Link bridge = LinkMessages.parse(only("ip -d link show dev xenbr0"));
    assertThat(bridge.name()).isEqualTo("xenbr0");
    assertThat(bridge.kind()).isEqualTo("bridge");
    assertThat(bridge.lower()).isZero();
    assertThat(bridge.data())
        .contains(
            new RawAttribute(1, new byte[] {(byte) 0x90, 1, 0, 0}),
            new RawAttribute(5, new byte[] {0, 0, 0, 0}))
        .hasSize(42);
  }

  @Test
  void snapshotHasWhatTheLinkLacks() {
    LinkSnapshot snapshot = LinkSnapshot.parse(only("ip -d link show dev veth0"));
    assertThat(snapshot.gsoMaxSize()).hasValue(65536);
  }

  @Test
  void addressesOfBothFamilies() {
    Address labelled =
        new Address(
            "veth0",
            IpPrefix.parse("192.0.2.10/24"),
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
    assertThat(all("ip -4 addr show dev veth0", AddressMessages::parse))
        .containsExactly(labelled, pointToPoint);
    Address six = Address.of("veth0", IpPrefix.parse("2001:db8::10/64"));
    assertThat(all("ip -6 addr show dev veth0", AddressMessages::parse))
        .first()
        .isEqualTo(six.withFlags(AddressFlags.PERMANENT | AddressFlags.NODAD));
  }

  @Test
  void ipv4RoutesWithoutTheLocalTable() {
    List<Route> routes = all("ip -4 route show table all", RouteMessages::parse);
    assertThat(routes)
        .extracting(route -> route.destination().toString())
        .containsExactly(
            "203.0.113.0/24", "0.0.0.0/0", "192.0.2.0/24", "198.51.101.0/24", "198.51.102.0/24");
    Route blackhole = routes.get(0);
    assertThat(blackhole.type()).isEqualTo(6);
    assertThat(blackhole.table()).isEqualTo(1000);
    assertThat(blackhole.device()).isEmpty();
    Route gateway = routes.get(1);
    assertThat(gateway.gateway()).contains(IpPrefix.address("192.0.2.1"));
    assertThat(gateway.source()).contains(IpPrefix.address("192.0.2.10"));
    assertThat(gateway.metric()).isEqualTo(100);
    byte[] mtu1400 = {8, 0, 2, 0, 0x78, 5, 0, 0};
    assertThat(gateway.rest()).containsExactly(new RawAttribute(8, mtu1400));
    assertThat(routes.get(2).scope()).isEqualTo(Route.SCOPE_LINK);
    assertThat(routes.get(3).hops())
        .containsExactly(
            new Route.Hop("veth0", Optional.of(IpPrefix.address("192.0.2.1")), 2, 0),
            new Route.Hop("veth0", Optional.of(IpPrefix.address("192.0.2.2")), 1, 4));
    assertThat(routes.get(4).gateway()).contains(IpPrefix.address("fe80::1"));
    assertThat(routes.get(4).rest()).isEmpty();
  }

  @Test
  void ipv6RoutesWithoutLocalAndMulticast() {
    List<Route> routes = all("ip -6 route show table all", RouteMessages::parse);
    assertThat(routes)
        .extracting(route -> route.destination().toString() + " " + route.device())
        .containsExactly(
            "2001:db8:0:0:0:0:0:0/64 veth0",
            "2001:db8:1:0:0:0:0:0/48 veth0",
            "2001:db8:2:0:0:0:0:0/48 ",
            "fe80:0:0:0:0:0:0:0/64 vif0.0",
            "fe80:0:0:0:0:0:0:0/64 veth0",
            "fe80:0:0:0:0:0:0:0/64 xenbr0");
    assertThat(routes.get(0).expiresSeconds()).isEmpty();
    assertThat(routes.get(1).expiresSeconds()).contains(600L);
    assertThat(routes.get(2).type()).isEqualTo(7);
  }

  @Test
  void neighboursAndProxies() {
    assertThat(all("ip neigh show", NeighbourMessages::parse))
        .contains(
            new Neighbour(
                "veth0",
                IpPrefix.address("192.0.2.7"),
                Optional.of(MacAddress.parse("00:16:3e:01:02:03")),
                Neighbour.PERMANENT,
                0));
    assertThat(all("ip neigh show proxy", NeighbourMessages::parse))
        .containsExactly(
            new Neighbour("veth0", IpPrefix.address("192.0.2.9"), Optional.empty(), 0, 8));
  }

  /** RTNH_F_DEAD, RTNH_F_LINKDOWN and such come and go with the link, and cannot be sent back. */
  @Test
  void whatTheKernelReportsOfTheLinkIsNoPartOfTheRoute() {
    byte[] reported = GOLDEN.get("ip -4 route show table all").clone();
    int gateway = 44;
    reported[gateway + 16 + RouteAttribute.FLAGS] = 0x11 | 0x04;
    int hop = gateway + 80 + 60 + 16 + RouteAttribute.STRUCT + 8 + 8 + 4;
    reported[hop + RouteAttribute.HOP_FLAGS] = 0x11;
    List<Route> routes = all(reported, RouteMessages::parse);
    assertThat(routes.get(1).flags()).isEqualTo(0x04);
    assertThat(routes.get(3).hops()).extracting(Route.Hop::flags).containsExactly(0, 4);
  }

  @Test
  void hopShorterThanItsStructIsMalformed() {
    byte[] spoilt = GOLDEN.get("ip -4 route show table all").clone();
    int hop = 44 + 80 + 60 + 16 + RouteAttribute.STRUCT + 8 + 8 + 4;
    assertThat(spoilt[hop]).isEqualTo((byte) 16);
    spoilt[hop] = 0;
    assertThatThrownBy(() -> all(spoilt, RouteMessages::parse))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessage("a next hop says it has 0 octets");
  }

  private static NetlinkMessage only(String command) {
    List<NetlinkMessage> messages = NetlinkMessage.parseAll(ByteBuffer.wrap(GOLDEN.get(command)));
    assertThat(messages).hasSize(1);
    return messages.get(0);
  }

  private static <T> List<T> all(
      String command, BiFunction<NetlinkMessage, LinkNames, Optional<T>> parser) {
    return all(GOLDEN.get(command), parser);
  }

  private static <T> List<T> all(
      byte[] answer, BiFunction<NetlinkMessage, LinkNames, Optional<T>> parser) {
    List<T> found = new ArrayList<>();
    for (NetlinkMessage message : NetlinkMessage.parseAll(ByteBuffer.wrap(answer))) {
      if (message.type() != NetlinkMessage.DONE) {
        parser.apply(message, NAMES).ifPresent(found::add);
      }
    }
    return found;
  }
}
