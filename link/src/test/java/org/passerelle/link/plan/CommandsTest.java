package org.passerelle.link.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.AddressFlags;
import org.passerelle.link.rtnl.LinkKind;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** The words of ip(8), as one would type them. */
class CommandsTest {
  private static final LinkKind VLAN =
      new RecordedKind("vlan", Optional.of("eth0"), List.of(), "id 100");

  @Test
  void links() {
    assertThat(
            List.of(
                CreateLink.ours(LinkSpec.of("veth0", new VethKind("vif0.0")).withMtu(9000))
                    .command(),
                new CreateLink(LinkSpec.of("eth0.100", VLAN)).command(),
                SetLink.mac("vif1.0", MacAddress.VIF).command(),
                SetLink.master("vif1.0", "xenbr0").command(),
                SetLink.noMaster("vif1.0").command(),
                SetLink.ipv6Generation("vif1.0", 1).command(),
                SetLink.alias("vif1.0", "").command(),
                SetLink.arp("vif1.0", false).command(),
                SetLink.looseBinding("eth0.100", true).command(),
                Rename.of("eth0", "peth0").command()))
        .containsExactly(
            "ip link add name veth0 mtu 9000 group 20567 type veth peer name vif0.0",
            "ip link add link eth0 name eth0.100 type vlan id 100",
            "ip link set dev vif1.0 address fe:ff:ff:ff:ff:ff",
            "ip link set dev vif1.0 master xenbr0",
            "ip link set dev vif1.0 nomaster",
            "ip link set dev vif1.0 addrgenmode none",
            "ip link set dev vif1.0 alias ''",
            "ip link set dev vif1.0 arp off",
            "ip link set dev eth0.100 type vlan loose_binding on",
            "ip link set dev eth0 name peth0");
  }

  @Test
  void addresses() {
    Address leased =
        Address.of("eth0", IpPrefix.parse("192.0.2.10/24"))
            .onDevice("eth0", "eth0:1")
            .withLifetimes(3600, 1800);
    Address v6 =
        Address.of("eth0", IpPrefix.parse("2001:db8:0:0:1::10/64"))
            .withFlags(AddressFlags.NODAD | AddressFlags.PERMANENT | AddressFlags.NOPREFIXROUTE);
    assertThat(Commands.address("add", leased))
        .isEqualTo(
            "ip address add 192.0.2.10/24 dev eth0 label eth0:1 valid_lft 3600"
                + " preferred_lft 1800");
    assertThat(Commands.address("add", v6))
        .isEqualTo("ip address add 2001:db8::1:0:0:10/64 dev eth0 nodad noprefixroute");
    assertThat(Commands.removal(leased)).isEqualTo("ip address del 192.0.2.10/24 dev eth0");
  }

  @Test
  void routes() {
    Route plain = Route.via(IpPrefix.parse("0.0.0.0/0"), IpPrefix.address("192.0.2.1"), "eth0");
    Route six = Route.via(IpPrefix.parse("::/0"), IpPrefix.address("fe80::1"), "eth0");
    Route rich =
        new Route(
            IpPrefix.parse("192.168.1.1/32"),
            "eth0",
            Optional.empty(),
            Optional.of(IpPrefix.address("192.0.2.10")),
            100,
            Route.PROTOCOL_STATIC,
            Route.SCOPE_LINK,
            Route.TYPE_UNICAST,
            50,
            4,
            Optional.empty(),
            List.of(),
            List.of());
    assertThat(Commands.route("add", plain))
        .isEqualTo("ip route add default via 192.0.2.1 dev eth0");
    assertThat(Commands.route("del", six))
        .isEqualTo("ip -6 route del default via fe80::1 dev eth0");
    assertThat(Commands.route("add", rich))
        .isEqualTo(
            "ip route add 192.168.1.1/32 dev eth0 table 100 proto static scope link"
                + " src 192.0.2.10 metric 50 onlink");
  }
}
