package org.passerelle.link.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.DhcpHost;
import org.passerelle.link.rtnl.Guard;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Neighbour;
import org.passerelle.link.rtnl.RawAttribute;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.rtnl.TableEntry;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** What a journal's lines look like, and that nothing else is taken for one. */
class OperationCodecTest {
  private static final Address ADDRESS =
      new Address(
          "eth0",
          IpPrefix.parse("192.0.2.10/24"),
          Optional.of(IpPrefix.address("192.0.2.99")),
          Optional.of(IpPrefix.address("192.0.2.255")),
          "eth0:1",
          0,
          0x200,
          1000,
          Address.FOREVER,
          7);
  private static final Route ROUTE =
      new Route(
          IpPrefix.parse("2001:db8::/32"),
          "",
          Optional.empty(),
          Optional.of(IpPrefix.address("2001:db8::2")),
          100,
          16,
          0,
          1,
          4294967295L,
          4,
          Optional.of(30L),
          List.of(
              new Route.Hop("eth0", Optional.of(IpPrefix.address("fe80::1")), 1, 0),
              new Route.Hop("a,b|c", Optional.empty(), 2, 4)),
          List.of(new RawAttribute(8, new byte[] {1, 2}), new RawAttribute(20, new byte[0])));

  static List<Operation> operations() {
    RecordedKind bridge =
        new RecordedKind(
            "bridge",
            Optional.empty(),
            List.of(new RawAttribute(5, new byte[] {0, 0, 0, 0})),
            "stp_state 0");
    RecordedKind vlan =
        new RecordedKind(
            "vlan",
            Optional.of("eth0"),
            List.of(new RawAttribute(1, new byte[] {100, 0})),
            "id 100");
    return List.of(
        CreateLink.ours(LinkSpec.of("veth0", new VethKind("vif0.0")).withMtu(9000)),
        CreateLink.ours(LinkSpec.of("xenbr0", bridge).withMac(MacAddress.VIF)),
        new DeleteLink("xenbr0", 7, bridge),
        CreateLink.ours(LinkSpec.of("eth0.100", vlan)),
        new Rename("peth0", 2, "eth0"),
        new Relabel("eth0", 2, List.of(ADDRESS, ADDRESS)),
        new SetLink("eth0", 2, LinkProperty.MASTER, "xenbr0", Optional.of("")),
        new SetLink("eth0", 2, LinkProperty.ALIAS, "50 % = «mine»\n", Optional.empty()),
        new AddAddress(ADDRESS, 2),
        new RemoveAddress(ADDRESS, 2),
        new ChangeAddress(ADDRESS, 2),
        new AddRoute(ROUTE, 0),
        AddRoute.alone(ROUTE),
        SetSysctl.forwardIpv4(),
        new SetTable(true),
        new SetEntry(
            new TableEntry("forwards4", List.of("tcp", "80"), List.of("10.0.7.1", "8080"), "a b"),
            false),
        new SetEntry(new TableEntry("uplinks", List.of("e\"th0"), List.of(), ""), true),
        new SetGuard(new Guard("web0", List.of("ether type != { ip, arp } drop", "a\n%")), true),
        SetGuard.none("vif7.0"),
        new SetSysctl("vif7.0", 3, "ipv6", "proxy_ndp", "0", Optional.of("1")),
        new SetDhcpUser("network-nat eth0", true),
        new SetMark("/run/services/network-nat eth0", Optional.of("tcp:22,udp:53")),
        new SetMark("/run/antispoof/network-nat eth0", Optional.of("")),
        new SetMark("/run/antispoof/network-nat eth0", Optional.empty()),
        new SetDhcpHost(
            new DhcpHost(
                "vif7.0",
                "web0",
                MacAddress.VIF,
                IpPrefix.address("10.0.7.1"),
                IpPrefix.address("10.0.7.128"),
                "web"),
            false),
        new MoveRoute(ROUTE, "eth0", 2, "peth0", 3),
        new RemoveNeighbour(
            new Neighbour(
                "eth0",
                IpPrefix.address("192.0.2.7"),
                Optional.of(MacAddress.VIF),
                Neighbour.PERMANENT,
                0),
            4),
        new AddNeighbour(
            new Neighbour(
                "eth0",
                IpPrefix.address("fe80::1"),
                Optional.of(MacAddress.parse("52:54:00:00:00:01")),
                Neighbour.PERMANENT,
                0),
            2),
        new RemoveRoute(ROUTE, 3));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void comesBackAsItWas(Operation operation) {
    String line = operation.line();
    assertThat(line).isPrintable().doesNotContain("\n");
    assertThat(OperationCodec.decode(line)).isEqualTo(operation);
  }

  @Test
  void linesAreForPeopleToo() {
    assertThat(operations().stream().map(Operation::line))
        .contains(
            "rename device=peth0 index=2 to=eth0",
            "set-link device=eth0 index=2 property=MASTER value=xenbr0 left=",
            "set-link device=eth0 index=2 property=ALIAS"
                + " value=50%20%25%20%3D%20%C2%ABmine%C2%BB%0A",
            "create-link device=veth0 group=20567 mtu=9000 kind=veth peer=vif0.0",
            "add-address index=2 device=eth0 local=192.0.2.10/24 peer=192.0.2.99"
                + " broadcast=192.0.2.255 label=eth0:1 scope=0 flags=512 valid=1000"
                + " preferred=4294967295 metric=7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "rename",
        "rename device=peth0 index=2",
        "rename device=peth0 index=2 to=eth0 and=more",
        "rename device=peth0 index=2 to=eth0 to=eth1",
        "rename device=peth0 index=two to=eth0",
        "rename device=peth0  index=2 to=eth0",
        "rename device=peth0 index=2 to=eth%0",
        "rename device=peth0 index=2 to=eth0\u0000",
        "reboot now=1",
        "set-table there=perhaps",
        "set-dhcp-host there=true vif=vif7.0 device=vif7.0 mac=00:16:3e:00:00:01 address=10.0.7.1"
            + " router=10.0.7.128 name=a%0Ab",
        "set-dhcp-host there=true vif=../x device=vif7.0 mac=00:16:3e:00:00:01 address=10.0.7.1"
            + " router=10.0.7.128 name=web",
        "set-entry there=true set=uplinks key1=eth0 owner=",
        "set-sysctl device= index=0 family=ipv4 name=../../kernel/panic value=1",
        "set-sysctl device= index=0 family=core name=somaxconn value=1",
        "set-link device=eth0 index=2 property=COLOUR value=red",
        "set-link device=eth0 index=2 property=UP value=perhaps",
        "set-link device=eth0 index=2 property=MAC value=00:16:3e",
        "add-address index=2 device=eth0 local=localhost/8 label= scope=0 flags=0 valid=1"
            + " preferred=1 metric=0",
      })
  void refusesWhatIsNotOurs(String line) {
    assertThatIllegalArgumentException().isThrownBy(() -> OperationCodec.decode(line));
  }

  @Property
  void anyTextSurvives(@ForAll String text) {
    String clean = text.codePoints().anyMatch(c -> c >= 0xD800 && c < 0xE000) ? "" : text;
    Fields read = Fields.read(new Fields("word").put("key", clean).toString());
    assertThat(read.take("key")).isEqualTo(clean);
    read.expectEmpty();
  }

  @Property
  void noLineBreaksTheReader(@ForAll String line) {
    try {
      OperationCodec.decode(line);
    } catch (IllegalArgumentException refused) {
      return;
    }
    throw new AssertionError("took " + line);
  }
}
