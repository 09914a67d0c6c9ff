package org.passerelle.natroute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.PlanSteps;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.plan.SetLink;
import org.passerelle.link.rtnl.Guard;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.testing.FaultAtEveryStep;
import org.passerelle.link.wire.MacAddress;

/** The rules for a guest, and when they are put before its vif. */
class GuestFilterTest {
  private static final MacAddress MAC = MacAddress.parse("00:16:3E:00:00:07");
  private static final String LINK_LOCAL = "fe80::216:3eff:fe00:7";
  private static final String ARP =
      "arp htype 1 arp ptype ip arp hlen 6 arp plen 4 arp saddr ether 00:16:3e:00:00:07";

  private static GuestFilter filter(String ip) {
    return new GuestFilter("web0", MAC, Optional.of(GuestAddresses.parse(ip)));
  }

  /** As the guard has them. */
  private static List<String> rules(GuestFilter filter) {
    return new Guard("web0", filter.rules()).rules();
  }

  private static FakeKernel host() {
    FakeKernel kernel = new FakeKernel();
    kernel.create(LinkSpec.of("web0", new VethKind("guest")));
    return kernel;
  }

  private static FakeKernel guarded(GuestFilter filter) {
    FakeKernel kernel = host();
    FaultAtEveryStep.apply(up(filter.attach(new Host(kernel)), kernel), kernel);
    return kernel;
  }

  private static Plan up(Plan guard, FakeKernel kernel) {
    PlanSteps steps = new PlanSteps(new Host(kernel));
    guard.steps().forEach(steps::add);
    steps.set(SetLink.up("web0"), "the guest is connected");
    return steps.build();
  }

  private static List<String> commands(Plan plan) {
    return plan.steps().stream().map(step -> step.operation().command()).toList();
  }

  @Test
  void oneOfTwoAddressesIsNoNetwork() {
    assertThat(rules(filter("10.0.0.2/31 2001:db8::2/127")))
        .noneMatch(rule -> rule.contains("/"))
        .anyMatch(rule -> rule.startsWith("ip saddr 10.0.0.2 "));
    assertThat(rules(filter("10.0.0.4/30"))).anyMatch(rule -> rule.contains("10.0.0.4/30"));
  }

  /** A set takes no address twice. */
  @Test
  void aNetworkThatHoldsTheLinkLocalAddressHoldsItOnce() {
    assertThat(rules(filter("fe80::/10")))
        .noneMatch(rule -> rule.contains(LINK_LOCAL))
        .anyMatch(rule -> rule.startsWith("ip6 saddr fe80::/10 "));
  }

  @Test
  void aGuestSendsFromWhatIsItsOwn() {
    String own6 = "ip6 saddr { fd00::7, " + LINK_LOCAL + " }";
    String target =
        "@th,64,128 { 0xfd000000000000000000000000000007, 0xfe8000000000000002163efffe000007 }";
    assertThat(rules(filter("10.0.9.5 fd00::7")))
        .containsExactly(
            "ether type != { arp, ip, ip6 } drop",
            "ether saddr != 00:16:3e:00:00:07 drop",
            "ip saddr 10.0.9.5 ip frag-off & 8191 != 0 accept",
            own6 + " frag frag-off != 0 accept",
            own6 + " frag frag-off 0 @nh,320,8 { 0x2b, 0x2c, 0x3c } drop",
            "udp dport { 546, 68 } drop",
            "icmp type { redirect, router-advertisement } drop",
            ARP + " arp saddr ip 10.0.9.5 accept",
            ARP + " arp saddr ip 0.0.0.0 arp daddr ip 10.0.9.5 accept",
            "ip saddr 10.0.9.5 meta l4proto != udp accept",
            "ip saddr 10.0.9.5 udp sport != { 547, 67 } accept",
            "ip saddr 0.0.0.0 ip daddr 255.255.255.255 udp sport 68 udp dport 67 accept",
            "ip6 saddr :: icmpv6 type nd-neighbor-solicit " + target + " accept",
            "ip6 saddr :: icmpv6 type { mld-listener-done, mld-listener-report,"
                + " mld2-listener-report, nd-router-solicit } accept",
            own6 + " icmpv6 type nd-neighbor-advert " + target + " accept",
            own6
                + " icmpv6 type != { nd-neighbor-advert, nd-redirect, nd-router-advert }"
                + " accept",
            own6 + " meta l4proto != { ipv6-icmp, udp } accept",
            own6 + " udp sport != { 547, 67 } accept");
  }

  /** In the words of the rule for what is no UDP: the sources. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.9.5/24 | 10.0.9.5",
        "10.0.9.0/24 | 10.0.9.0/24",
        "10.0.9.5 10.0.9.5/16 10.0.9.0/29 | 10.0.9.0/29",
        "10.0.9.5 10.0.9.6 | { 10.0.9.5, 10.0.9.6 }",
        "10.0.9.0/24 10.0.8.0/23 | 10.0.8.0/23"
      })
  void anAddressWithItsNetworksLengthIsThatAddress(String ip, String sources) {
    assertThat(filter(ip).rules()).contains("ip saddr " + sources + " meta l4proto != udp accept");
  }

  @Test
  void aNetworkMayBeAnsweredForToo() {
    assertThat(rules(filter("fd00::/120")))
        .contains(
            "ip6 saddr { fd00::/120, "
                + LINK_LOCAL
                + " } icmpv6 type nd-neighbor-advert @th,64,128 {"
                + " 0xfd000000000000000000000000000000-0xfd0000000000000000000000000000ff,"
                + " 0xfe8000000000000002163efffe000007 } accept");
  }

  @Test
  void whoHasNoAddressMayOnlyAskForOne() {
    assertThat(filter("fd00::7").rules())
        .noneMatch(rule -> rule.startsWith("arp"))
        .filteredOn(rule -> rule.startsWith("ip saddr"))
        .containsExactly(
            "ip saddr 0.0.0.0 ip daddr 255.255.255.255 udp sport 68 udp dport 67 accept");
  }

  @Test
  void addressesThatNobodyKnowsAreNotLookedAt() {
    assertThat(new GuestFilter("web0", MAC, Optional.empty()).rules())
        .containsExactly(
            "ether type != { arp, ip, ip6 } drop",
            "ether saddr != 00:16:3e:00:00:07 drop",
            "ip version 4 ip frag-off & 8191 != 0 accept",
            "ip6 version 6 frag frag-off != 0 accept",
            "ip6 version 6 frag frag-off 0 @nh,320,8 { 0x2b, 0x2c, 0x3c } drop",
            "udp dport { 546, 68 } drop",
            "icmp type { redirect, router-advertisement } drop",
            ARP + " accept",
            "ip version 4 meta l4proto != udp accept",
            "ip version 4 udp sport != { 547, 67 } accept",
            "ip6 version 6 icmpv6 type != { nd-redirect, nd-router-advert } accept",
            "ip6 version 6 meta l4proto != { ipv6-icmp, udp } accept",
            "ip6 version 6 udp sport != { 547, 67 } accept");
  }

  @Test
  void isThereBeforeTheLinkIsUpAndOnce() {
    FakeKernel kernel = guarded(filter("10.0.9.5"));
    assertThat(filter("10.0.9.5").attach(new Host(kernel)).steps()).isEmpty();
    assertThat(commands(filter("10.0.9.6").attach(new Host(kernel))))
        .singleElement()
        .asString()
        .startsWith(
            "nft 'table netdev passerelle-web0 { chain guest { type filter hook ingress device"
                + " \"web0\" priority filter; policy drop; ether type != { arp, ip, ip6 } drop; ")
        .contains("arp saddr ip 10.0.9.6 accept; ")
        .endsWith("; }; }'");
  }

  /**
   * One that an earlier link of that name left may be bound to nothing, though it says the same.
   */
  @Test
  void whatALinkThatIsDownHasIsMadeAnew() {
    FakeKernel kernel = guarded(filter("10.0.9.5"));
    kernel.delete("web0");
    kernel.create(LinkSpec.of("web0", new VethKind("guest")));
    assertThat(filter("10.0.9.5").attach(new Host(kernel)).steps()).hasSize(1);
  }

  @Test
  void goesWithTheVifAndOnlyOnce() {
    FakeKernel kernel = guarded(filter("10.0.9.5"));
    kernel.delete("web0");
    List<String> names = List.of("vif7.0", "web0");
    Plan plan = GuestFilter.detach(new Host(kernel), names);
    assertThat(commands(plan)).containsExactly("nft delete table netdev passerelle-web0");
    FaultAtEveryStep.apply(plan, kernel);
    assertThat(kernel.guard("web0")).isEmpty();
    assertThat(GuestFilter.detach(new Host(kernel), names).steps()).isEmpty();
  }

  @Test
  void isUndoneAtAnyStep() {
    int steps =
        new FaultAtEveryStep(GuestFilterTest::host, host -> filter("10.0.9.5").attach(host)).run();
    steps +=
        new FaultAtEveryStep(
                () -> guarded(filter("10.0.9.5")), host -> filter("10.0.9.6").attach(host))
            .run();
    steps +=
        new FaultAtEveryStep(
                () -> guarded(filter("10.0.9.5")),
                host -> GuestFilter.detach(host, List.of("web0")))
            .run();
    assertThat(steps).isEqualTo(3);
  }

  @Test
  void aNameThatNftCannotReadIsRefused() {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> new GuestFilter("a\"b", MAC, Optional.empty()).attach(new Host(host())))
        .withMessage("antispoof=yes: nftables cannot be told of a device called a\"b");
  }
}
