package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.AddressFlags;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Neighbour;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.testing.IpCommand;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** Addresses and neighbours of the real kernel, against what ip(8) says of them. */
@Needs({Capability.NET_ADMIN, Capability.VETH, Capability.IPROUTE2})
class NetlinkKernelAddressesTest {
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
  void addressesAreWhatIpShows() {
    setUpAddresses();
    List<String> theirs = new ArrayList<>();
    for (Map<String, Object> link : ip.list("addr show dev eth0")) {
      for (Object info : (List<?>) link.get("addr_info")) {
        Map<String, Object> address = IpCommand.asMap(info);
        theirs.add(describe(address));
      }
    }
    List<String> ours =
        kernel.addresses().stream()
            .filter(address -> address.device().equals("eth0"))
            .map(NetlinkKernelAddressesTest::describe)
            .toList();
    assertThat(ours).hasSize(6).isEqualTo(theirs);
  }

  @Test
  void oneDevicesAddressesAreThoseOfAllThatAreOnIt() {
    setUpAddresses();
    ip.run("addr add 192.0.2.99/24 dev far0");
    for (String device : List.of("eth0", "far0", "veth0")) {
      List<Address> all =
          kernel.addresses().stream().filter(one -> one.device().equals(device)).toList();
      assertThat(rounded(kernel.addresses(device))).isEqualTo(rounded(all));
    }
    assertThat(kernel.addresses("eth0")).hasSize(6);
    assertThat(kernel.addresses("gone0")).isEmpty();
  }

  private void setUpAddresses() {
    ip.batch(
        List.of(
            "addr add 192.0.2.10/24 brd 192.0.2.255 dev eth0",
            "addr add 192.0.2.11/24 dev eth0 label eth0:1",
            "addr add 192.0.2.20 peer 192.0.2.21/32 dev eth0 metric 50",
            "addr add 2001:db8::10/64 dev eth0 nodad",
            "addr add 2001:db8::20/64 dev eth0 valid_lft 1020 preferred_lft 0 noprefixroute"));
  }

  private static String describe(Map<String, Object> address) {
    Object peer = address.get("address");
    return String.join(
        " ",
        IpPrefix.address((String) address.get("local")) + "/" + address.get("prefixlen"),
        "peer " + (peer == null ? "" : peer),
        "brd " + address.getOrDefault("broadcast", ""),
        "label " + address.getOrDefault("label", "eth0"),
        "scope " + address.get("scope"),
        "valid " + rounded((Long) address.get("valid_life_time")),
        "preferred " + rounded((Long) address.get("preferred_life_time")),
        "metric " + address.getOrDefault("metric", 0L),
        address.containsKey("secondary") ? "secondary" : "",
        address.containsKey("noprefixroute") ? "noprefixroute" : "");
  }

  private static String describe(Address address) {
    return String.join(
        " ",
        address.local().address() + "/" + address.local().length(),
        "peer " + address.peer().map(InetAddress::getHostAddress).orElse(""),
        "brd " + address.broadcast().map(InetAddress::getHostAddress).orElse(""),
        "label " + (address.label().isEmpty() ? "eth0" : address.label()),
        "scope " + (address.scope() == 0 ? "global" : "link"),
        "valid " + rounded(address.validSeconds()),
        "preferred " + rounded(address.preferredSeconds()),
        "metric " + address.metric(),
        (address.flags() & AddressFlags.SECONDARY) != 0 ? "secondary" : "",
        (address.flags() & AddressFlags.NOPREFIXROUTE) != 0 ? "noprefixroute" : "");
  }

  /** A second may pass between two looks. */
  private static long rounded(long seconds) {
    return seconds == Address.FOREVER ? seconds : (seconds + 50) / 100 * 100;
  }

  private static Address rounded(Address address) {
    return address.withLifetimes(
        rounded(address.validSeconds()), rounded(address.preferredSeconds()));
  }

  private static List<Address> rounded(List<Address> addresses) {
    return addresses.stream().map(NetlinkKernelAddressesTest::rounded).toList();
  }

  @Test
  void addressesMoveFromDeviceToDevice() {
    setUpAddresses();
    List<Address> before = global("eth0");
    for (Address address : before.reversed()) {
      kernel.remove(address);
    }
    assertThat(global("eth0")).isEmpty();
    for (Address address : inOrderOfBirth(before)) {
      String label = address.label().replace("eth0", "veth0");
      kernel.add(address.onDevice("veth0", label));
    }
    assertThat(global("veth0"))
        .usingRecursiveComparison()
        .ignoringFields("device", "label", "flags")
        .isEqualTo(before);
    assertThat(global("veth0"))
        .extracting(address -> address.flags() & ~AddressFlags.TENTATIVE)
        .isEqualTo(before.stream().map(a -> a.flags() & ~AddressFlags.TENTATIVE).toList());
    assertThat(ip.one("addr show label veth0:1")).asString().contains("192.0.2.11");
  }

  /** The kernel lists the IPv6 addresses of a scope latest first. */
  private static List<Address> inOrderOfBirth(List<Address> listed) {
    List<Address> four = listed.stream().filter(address -> !address.local().isV6()).toList();
    List<Address> six = listed.stream().filter(address -> address.local().isV6()).toList();
    return Stream.concat(four.stream(), six.reversed().stream()).toList();
  }

  private List<Address> global(String device) {
    return kernel.addresses().stream()
        .filter(address -> address.device().equals(device) && address.scope() == 0)
        .map(NetlinkKernelAddressesTest::rounded)
        .toList();
  }

  @Test
  void addressTwiceIsRefused() {
    Address address = Address.of("eth0", IpPrefix.parse("192.0.2.10/24"));
    kernel.add(address);
    assertThatThrownBy(() -> kernel.add(address))
        .hasMessageStartingWith("add address 192.0.2.10/24 of eth0: EEXIST (17, File exists)");
    assertThatThrownBy(() -> kernel.remove(Address.of("eth0", IpPrefix.parse("192.0.2.99/24"))))
        .hasMessageStartingWith("remove address 192.0.2.99/24 of eth0: EADDRNOTAVAIL");
  }

  @Test
  void neighboursAndProxies() {
    MacAddress mac = MacAddress.parse("00:16:3e:01:02:03");
    Neighbour four =
        new Neighbour(
            "eth0", IpPrefix.address("192.0.2.7"), Optional.of(mac), Neighbour.PERMANENT, 0);
    Neighbour six =
        new Neighbour(
            "eth0", IpPrefix.address("2001:db8::7"), Optional.of(mac), Neighbour.PERMANENT, 0);
    Neighbour proxy = new Neighbour("eth0", IpPrefix.address("192.0.2.9"), Optional.empty(), 0, 8);
    List.of(four, six, proxy).forEach(kernel::add);
    assertThat(kernel.neighbours()).contains(four, six, proxy);
    assertThat(kernel.neighbours("eth0")).contains(four, six, proxy);
    assertThat(kernel.neighbours("far0")).doesNotContain(four, six, proxy);
    assertThat(kernel.neighbours("gone0")).isEmpty();
    assertThat(ip.list("neigh show dev eth0"))
        .extracting(entry -> entry.get("dst") + " " + entry.get("lladdr"))
        .contains("192.0.2.7 " + mac, "2001:db8::7 " + mac);
    List.of(four, six, proxy).forEach(kernel::remove);
    assertThat(kernel.neighbours()).doesNotContain(four, six, proxy);
    assertThatThrownBy(() -> kernel.remove(four))
        .hasMessageStartingWith("remove neighbour 192.0.2.7 of eth0: ENOENT");
  }
}
