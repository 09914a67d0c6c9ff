package org.passerelle.natroute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.testing.FaultAtEveryStep;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** What no guest can have for its address, in route mode and in NAT mode. */
class UnfitTest {
  private static final VifDevice VIF = new VifDevice("vif7.0", Optional.empty());

  private FakeKernel kernel;

  @BeforeEach
  void host() {
    kernel = RoutedVifTest.host();
    kernel.add(Address.of("eth0", IpPrefix.parse("2001:db8::10/64")));
    kernel.plug("vif3.0", MacAddress.VIF);
    kernel.add(Address.of("vif3.0", IpPrefix.parse("10.0.3.128/32")));
    router("198.51.100.0/24", "192.0.2.1", "eth0");
  }

  private void router(String beyond, String address, String device) {
    kernel.add(Route.via(IpPrefix.parse(beyond), IpPrefix.address(address), device));
  }

  private Plan routed(String ip) {
    return new RoutedVif(VIF, GuestAddresses.parse(ip), "eth0", 2, List.of())
        .attach(new Host(kernel), true);
  }

  private Plan translated(String ip) {
    return nat(ip).attach(new Host(kernel), true);
  }

  private static NatVif nat(String ip) {
    return new NatVif(VIF, GuestAddresses.parse(ip), List.of(), Optional.of(List.of()), List.of());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "0.0.0.0 | no address",
        "0.0.0.0/0 | no address",
        ":: | no address",
        "::/0 | no address",
        "127.0.0.1 | each host's own (loopback)",
        "127.8.0.1 | each host's own (loopback)",
        "::1 | each host's own (loopback)",
        "224.0.0.251 | a group's (multicast)",
        "ff02::1 | a group's (multicast)",
        "255.255.255.255 | everybody's (broadcast)",
        "192.0.2.255 | everybody's (broadcast) in the network of eth0",
        "fe80::7 | of one link only, to which nobody routes (link-local)",
        "192.0.2.10 | dom0's own address, on eth0",
        "192.0.2.11 | dom0's own address, on eth0",
        "10.0.3.128 | dom0's own address, on vif3.0",
        "2001:db8::10 | dom0's own address, on eth0",
        "192.0.2.1 | dom0's router, on eth0"
      })
  void isRefusedAndSaidWhy(String ip, String what) {
    for (String all : List.of(ip, "10.0.7.1 " + ip)) {
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> routed(all))
          .withMessage(
              "ip=" + ip + ": that is " + what + "; the guest needs an address of its own");
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> translated(all))
          .withMessageStartingWith("ip=" + ip.replaceFirst("/0$", "") + ": that is " + what);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.77", "192.0.2.0/24", "2001:db8::77", "10.0.3.1", "169.254.9.9"})
  void anyOtherIsTheGuests(String ip) {
    FaultAtEveryStep.apply(routed(ip), kernel);
    assertThat(kernel.routes("vif7.0"))
        .anyMatch(route -> route.destination().equals(IpPrefix.parse(ip)));
  }

  /** As the firewall of a host is, whose script is run again, or for its emulated NIC. */
  @Test
  void aGuestCanBeDom0sRouter() {
    FaultAtEveryStep.apply(routed("10.0.3.1"), kernel);
    router("203.0.113.0/24", "10.0.3.1", "vif7.0");
    assertThat(routed("10.0.3.1").steps()).isEmpty();
    kernel.plug("vif7.0-emu", MacAddress.VIF);
    VifDevice emulated = new VifDevice("vif7.0-emu", Optional.empty());
    RoutedVif second =
        new RoutedVif(emulated, GuestAddresses.parse("10.0.3.1"), "eth0", 1, List.of());
    assertThat(second.attach(new Host(kernel), true).steps()).isNotEmpty();
  }

  @Test
  void noGuestIsItsOwnRouter() {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> translated("10.0.0.1 10.0.0.128"))
        .withMessage(
            "ip=: of a guest's addresses one, 10.0.0.128, is the router of another, 10.0.0.1");
  }

  /** dom0 has it no more when the guest gets it. */
  @Test
  void whatWasItsRoutersAddressCanBeTheGuests() {
    FaultAtEveryStep.apply(translated("10.0.0.1"), kernel);
    FaultAtEveryStep.apply(translated("10.0.0.128"), kernel);
    assertThat(kernel.addresses("vif7.0"))
        .extracting(Address::local)
        .containsExactly(IpPrefix.parse("10.0.0.1/32"));
  }
}
