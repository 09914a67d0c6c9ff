package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.os.ScriptLock;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Guard;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelDecorator;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.TableEntry;
import org.passerelle.link.testing.KilledKernel;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** What network-nat and network-route tell an administrator, and how starts take turns. */
class ForwardingScriptTest {
  private static final String UNTIL_NOW = "; this start has no ";

  private final FakeKernel kernel = new FakeKernel();
  @TempDir Path runDirectory;
  private StoreServer server;
  private XenStore store;

  @BeforeEach
  void host() {
    server = new StoreServer();
    store = server.connect(DomainId.DOM0);
    kernel.plug("eth0", MacAddress.parse("52:54:00:00:00:01"));
    kernel.plug("eth1", MacAddress.parse("52:54:00:00:00:02"));
  }

  @AfterEach
  void end() {
    store.close();
    server.close();
  }

  private ScriptRun nat(Kernel on) {
    return new ScriptRun(new NetworkNat(), on, runDirectory);
  }

  private ScriptRun nat(String... words) {
    ScriptRun script = nat(kernel);
    script.succeeds(words);
    return script;
  }

  private ScriptRun route(String... words) {
    ScriptRun script = new ScriptRun(new NetworkRoute(), kernel, runDirectory);
    script.succeeds(words);
    return script;
  }

  private void attach(int domain, String... words) {
    plug(domain);
    vif(new VifNat(), kernel, domain).succeeds(words);
  }

  private static String backend(int domain) {
    return "backend/vif/" + domain + "/0";
  }

  private void plug(int domain) {
    kernel.plug("vif" + domain + ".0", MacAddress.VIF);
    store.write(backend(domain) + "/frontend-id", Integer.toString(domain));
    store.write(backend(domain) + "/handle", "0");
    store.write(backend(domain) + "/mac", "00:16:3e:00:07:01");
  }

  private ScriptRun vif(HotplugScript script, Kernel on, int domain) {
    return new ScriptRun(script, on, runDirectory)
        .with(store)
        .with("XENBUS_PATH", backend(domain))
        .with("vif", "vif" + domain + ".0");
  }

  private static List<String> facts(ScriptRun status) {
    return status.out().stream()
        .dropWhile(line -> !line.startsWith("network-"))
        .map(line -> line.strip().replaceAll(" +", " "))
        .toList();
  }

  @Test
  void aStartSaysWhatItTakesBack() {
    nat("start", "dhcp=yes", "services=tcp:22", "antispoof=yes");
    String dropped = "=, and it counts no more";
    String kept = dropped + "; vifs attached already keep it until they are attached again";
    assertThat(nat("start").err())
        .containsExactlyInAnyOrder(
            "script: dhcp was yes" + UNTIL_NOW + "dhcp" + dropped,
            "script: services was tcp:22" + UNTIL_NOW + "services" + kept,
            "script: antispoof was yes" + UNTIL_NOW + "antispoof" + kept);
    assertThat(kernel.dhcpUsers()).isEmpty();
    assertThat(new HostServices(runDirectory).of("network-nat")).isEmpty();
    assertThat(nat("start").err()).isEmpty();
  }

  @Test
  void whatIsSaidOtherwiseIsMeant() {
    nat("start", "dhcp=yes", "services=tcp:22", "antispoof=yes");
    assertThat(nat("start", "dhcp=no", "services=any", "antispoof=no").err()).isEmpty();
    assertThat(nat("start").err()).isEmpty();
  }

  /** They are all that changes. */
  @Test
  void aPlanInPrintHasTheWords() {
    nat("start", "services=tcp:22", "antispoof=yes");
    assertThat(nat("start", "services=tcp:22", "antispoof=yes", "--dry-run").out())
        .containsExactly("nothing to do");
    String services = "'" + runDirectory.resolve("services/network-nat eth0") + "'";
    assertThat(nat("start", "services=none", "dhcp=yes", "--dry-run").out())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith("printf '%s' 'none' >" + services)
                    .endsWith("# what guests attached from then on reach of dom0: none"),
            line -> assertThat(line).startsWith("# the DHCP server starts for network-nat eth0"),
            line ->
                assertThat(line)
                    .startsWith("rm '" + runDirectory.resolve("antispoof/network-nat eth0"))
                    .endsWith("# vifs attached from then on are not guarded"));
    assertThat(new HostServices(runDirectory).of("network-nat")).contains("tcp:22");
  }

  @Test
  void whatAWordWithoutValueMeansIsSaid() {
    ScriptRun script = nat(kernel);
    assertThat(script.run("start", "dhcp")).isEqualTo(1);
    assertThat(script.err())
        .containsExactly(
            "script: dhcp needs a value, as in dhcp=...: yes: guests are told their address");
    assertThat(script.run("start", "services=")).isEqualTo(1);
    assertThat(script.err())
        .containsExactly(
            "script: services= is empty: with services=none guests reach nothing of dom0, with"
                + " services=any everything");
  }

  @Test
  void aPlanInPrintSaysItToo() {
    nat("start", "dhcp=yes", "services=tcp:22", "antispoof=yes");
    String dropped = "=, and it would count no more";
    String kept = dropped + "; vifs attached already would keep it until they are attached again";
    assertThat(nat("start", "--dry-run").err())
        .containsExactlyInAnyOrder(
            "script: dhcp was yes" + UNTIL_NOW + "dhcp" + dropped,
            "script: services was tcp:22" + UNTIL_NOW + "services" + kept,
            "script: antispoof was yes" + UNTIL_NOW + "antispoof" + kept);
    assertThat(kernel.dhcpUsers()).containsExactly("network-nat eth0");
    assertThat(new HostAntispoof(runDirectory).isWanted()).isTrue();
  }

  @Test
  void aStartThatFailsTakesNothingBack() {
    nat("start", "dhcp=yes", "services=tcp:22", "antispoof=yes");
    kernel.failAfter(0, Refusal.ENOMEM);
    ScriptRun failing = nat(kernel);
    assertThat(failing.run("start")).isEqualTo(1);
    assertThat(failing.err()).singleElement().asString().contains("ENOMEM");
    assertThat(nat("start").err()).hasSize(3);
  }

  @Test
  void whatIsMarkedIsMarkedWhileNoOtherScriptMayDoSo() {
    for (Map.Entry<String, NetworkScript> one :
        Map.of("forwarding", new NetworkNat(), "network-bridge", new NetworkBridge()).entrySet()) {
      List<Boolean> free = new ArrayList<>();
      Kernel asked =
          new KernelDecorator(kernel) {
            @Override
            public Optional<Guard> guard(String device) {
              free.add(ScriptLock.tryTake(lock(one.getKey())).isPresent());
              return super.guard(device);
            }
          };
      new ScriptRun(one.getValue(), asked, runDirectory)
          .run("start", "netdev=eth0", "antispoof=yes");
      assertThat(free).as(one.getKey()).containsExactly(false);
    }
  }

  private Path lock(String name) {
    return runDirectory.resolve(name + RunFile.LOCK);
  }

  /** Of a vif that is not there no other one need leave the table. */
  @Test
  void afterAnAttachmentThatFailedTheLastVifTakesTheTableAlong() {
    kernel.add(Address.of("eth0", IpPrefix.parse("192.0.2.10/24")));
    route("start", "services=tcp:22");
    plug(7);
    plug(8);
    kernel.failAfter(2, Refusal.ENOMEM);
    assertThat(vif(new VifRoute(), kernel, 7).run("online", "ip=10.0.7.1")).isEqualTo(1);
    vif(new VifRoute(), kernel, 8).succeeds("online", "ip=10.0.8.1");
    assertThat(kernel.table()).isPresent();
    vif(new VifRoute(), kernel, 8).succeeds("offline");
    assertThat(kernel.table()).isEmpty();
  }

  /** One that was there stays marked, as its entries are there still. */
  @Test
  void afterAnAttachmentThatFailedWhatWasThereIsStillTakenAway() {
    kernel.add(Address.of("eth0", IpPrefix.parse("192.0.2.10/24")));
    route("start", "services=tcp:22");
    for (int domain = 7; domain < 9; domain++) {
      plug(domain);
      vif(new VifRoute(), kernel, domain).succeeds("online", "ip=10.0." + domain + ".1");
    }
    kernel.failAfter(0, Refusal.ENOMEM);
    assertThat(vif(new VifRoute(), kernel, 7).run("online", "ip=10.0.9.1")).isEqualTo(1);
    for (int domain = 7; domain < 9; domain++) {
      assertThat(kernel.table()).isPresent();
      vif(new VifRoute(), kernel, domain).succeeds("offline");
    }
    assertThat(kernel.table()).isEmpty();
  }

  /** What is printed can be typed, or is a remark. */
  @Test
  void aPlanInPrintHasNoFilesThatAreNotThere() {
    List<String> lines = nat("start", "dhcp=yes", "--dry-run").out();
    assertThat(lines)
        .anyMatch(line -> line.startsWith("# the DHCP server starts for network-nat eth0"))
        .noneMatch(line -> line.contains("dhcp/"));
    nat("start", "dhcp=yes");
    assertThat(nat("start", "dhcp=yes", "--dry-run").out()).containsExactly("nothing to do");
    assertThat(nat("stop", "--dry-run").out())
        .anyMatch(line -> line.startsWith("# the DHCP server ends for network-nat eth0"));
  }

  /** Killed at any of its changes it is told, and the next run is as if it had never been. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aStartThatWasKilledIsNoneAndStatusTellsOfIt(int changes) {
    ScriptRun killed = nat(new KilledKernel(kernel, changes, true));
    assertThatExceptionOfType(KilledKernel.Killed.class)
        .isThrownBy(() -> killed.run("start", "antispoof=yes", "services=tcp:22"));
    assertThat(nat("status").out())
        .contains("network-nat start was cut off half-way: run it again, or stop, which undoes it");
    nat("stop");
    assertThat(new HostAntispoof(runDirectory).isWanted()).isFalse();
    assertThat(new HostServices(runDirectory).of("network-nat")).isEmpty();
    assertThat(nat("status").out()).noneMatch(line -> line.contains("cut off"));
  }

  @ParameterizedTest
  @CsvSource({"lo, dom0 itself", "vif7.0, a guest", "web0, a guest"})
  void whatLeadsElsewhereIsNoWayOutside(String netdev, String target) {
    plug(7);
    kernel.plug("web0", MacAddress.VIF);
    kernel.change("web0", LinkChange.builder().alias("vif8.0").build());
    for (HotplugScript network :
        List.of(new NetworkNat(), new NetworkRoute(), new NetworkBridge())) {
      ScriptRun script = new ScriptRun(network, kernel, runDirectory);
      assertThat(script.run("start", "netdev=" + netdev)).isEqualTo(1);
      assertThat(script.err())
          .containsExactly(
              "script: %s leads to %s, not outside; name a NIC with netdev=, or a bond, bridge or"
                      .formatted(netdev, target)
                  + " VLAN of NICs");
    }
  }

  @Test
  void statusTellsWhatIsStarted() {
    assertThat(facts(nat("status"))).containsExactly("network-nat eth0: not started");
    nat("start", "dhcp=yes", "services=tcp:22", "antispoof=yes", "ipv6=yes");
    attach(7, "online");
    assertThat(facts(nat("status")))
        .containsExactly(
            "network-nat eth0: started",
            "forwards IPv4, IPv6",
            "masquerades what leaves by eth0",
            "dhcp a server in memory",
            "services tcp:22",
            "antispoof yes",
            "vif7.0 10.0.7.1, dhcp, services tcp:22, antispoof");
    nat("stop");
    assertThat(facts(nat("status"))).hasSize(1);
  }

  /** As `nft flush ruleset` does. */
  @Test
  void statusTellsWhatAVifHasNoMore() {
    nat("start", "services=tcp:22", "antispoof=yes");
    attach(7, "online");
    kernel.unguard("vif7.0");
    kernel.deleteTable();
    String gone = " (its rules are gone: attach it again)";
    assertThat(facts(nat("status")))
        .contains("vif7.0 10.0.7.1, services tcp:22" + gone + ", antispoof" + gone);
    nat("start", "services=tcp:22", "antispoof=yes");
    attach(7, "online");
    assertThat(facts(nat("status"))).contains("vif7.0 10.0.7.1, services tcp:22, antispoof");
  }

  @Test
  void statusTellsWhatAVifHasOfItsOwn() {
    nat("start", "ipv6=no");
    plug(7);
    store.write(backend(7) + "/vifname", "web0");
    vif(new VifNat(), kernel, 7)
        .succeeds("online", "forward=tcp:8080:80,udp:53:53", "services=none", "antispoof=yes");
    attach(8, "online");
    assertThat(facts(nat("status")))
        .contains(
            "web0 10.0.7.1, forward tcp:8080:80,udp:53:53, services none, antispoof",
            "vif8.0 10.0.8.1");
  }

  /** An alias that somebody else gave is no name of its driver's. */
  @Test
  void statusKnowsAVifThatSomebodyDescribed() {
    nat("start", "dhcp=yes", "ipv6=no");
    attach(7, "online", "services=none");
    kernel.change("vif7.0", LinkChange.builder().alias("/the web server's").build());
    assertThat(facts(nat("status"))).contains("vif7.0 10.0.7.1, dhcp, services none");
  }

  @Test
  void whoLosesItsLeaseIsNamed() {
    nat("start", "dhcp=yes");
    attach(7, "online");
    attach(8, "online", "dhcp=no");
    String named = "told no address any more: 1 vif, vif7.0";
    assertThat(nat("start", "dhcp=no", "--dry-run").err())
        .containsExactly("script: attached, and would be " + named);
    assertThat(nat("start", "dhcp=no").err()).containsExactly("script: attached, and " + named);
    assertThat(nat("start", "dhcp=no").err()).isEmpty();
  }

  @Test
  void aGuestWithIpv6AloneIsOfTheModeThatAttachedIt() {
    nat("start");
    route("start");
    plug(7);
    vif(new VifNat(), kernel, 7).succeeds("online", "ip=2001:db8:7::7");
    plug(8);
    vif(new VifRoute(), kernel, 8).succeeds("online", "ip=2001:db8:8::8", "netdev=eth0");
    assertThat(facts(nat("status"))).anyMatch(line -> line.startsWith("vif7.0 "));
    assertThat(facts(nat("status"))).noneMatch(line -> line.startsWith("vif8.0 "));
    assertThat(facts(route("status"))).anyMatch(line -> line.startsWith("vif8.0 "));
    assertThat(facts(route("status"))).noneMatch(line -> line.startsWith("vif7.0 "));
  }

  /** The NIC's masquerade knows no modes. */
  @Test
  void twoModesByOneNicAreOneOutside() {
    String masked =
        " is started for eth0 too, so that outside vif-route's guests bear dom0's address there";
    assertThat(route("start").err()).isEmpty();
    assertThat(nat("start").err()).containsExactly("script: network-route" + masked);
    assertThat(route("start").err()).containsExactly("script: network-nat" + masked);
    nat("stop");
    assertThat(route("start").err()).isEmpty();
  }

  @Test
  void whoHasNoLeaseYetIsNamed() {
    nat("start");
    attach(7, "online");
    String named = "covered by dhcp= until they are attached again: 1 vif, vif7.0";
    assertThat(nat("start", "dhcp=yes", "--dry-run").err())
        .containsExactly("script: attached already, and would not be " + named);
    assertThat(nat("start", "dhcp=yes").err())
        .containsExactly("script: attached already, and not " + named);
    assertThat(nat("start", "dhcp=yes").err()).isEmpty();
  }

  @Test
  void aStartSaysThatItMakesAFlushedTableAnew() {
    nat("start");
    attach(7, "online", "services=tcp:22");
    attach(8, "online");
    kernel.deleteTable();
    String gone =
        "script: attached, and rules of theirs (antispoof=, forward=, services=) are gone until"
            + " they are attached again: ";
    String first = "; for the first: vif-nat online vif=vif7.0 XENBUS_PATH=backend/vif/7/0";
    String anew = "script: somebody had taken our table away, and it was made anew";
    assertThat(nat("start").err()).containsExactly(gone + "1 vif, vif7.0" + first, anew);
    attach(9, "online", "antispoof=yes");
    kernel.unguard("vif9.0");
    assertThat(nat("start").err()).containsExactly(gone + "2 vifs, vif7.0, vif9.0" + first);
    for (int domain : new int[] {7, 9}) {
      vif(new VifNat(), kernel, domain).succeeds("online");
    }
    assertThat(nat("start").err()).isEmpty();
  }

  @Test
  void ofRoutedVifsTooItIsSaidWhoseRulesAreGone() {
    kernel.plug("eth1", MacAddress.parse("02:00:00:00:00:02"));
    kernel.add(Address.of("eth1", IpPrefix.parse("192.0.2.10/24")));
    route("start", "netdev=eth1");
    plug(7);
    vif(new VifRoute(), kernel, 7)
        .succeeds("online", "ip=192.0.2.7", "services=none", "netdev=eth1");
    assertThat(route("start", "netdev=eth1").err()).isEmpty();
    kernel.deleteTable();
    assertThat(route("start", "netdev=eth1").err())
        .singleElement()
        .asString()
        .endsWith(
            "1 vif, vif7.0; for the first: vif-route online vif=vif7.0"
                + " XENBUS_PATH=backend/vif/7/0 netdev=eth1");
  }

  @Test
  void statusDoesNotSayThatAGuestIsToldByNobody() {
    nat("start", "dhcp=yes", "ipv6=no");
    attach(7, "online");
    nat("start", "dhcp=no", "ipv6=no");
    assertThat(facts(nat("status")))
        .contains("vif7.0 10.0.7.1, dhcp (nobody tells it: network-nat has no dhcp=yes)");
  }

  @Test
  void statusOfRouteModeHasItsOwnGuests() {
    route("start", "ipv6=no");
    attach(7, "online", "ip=10.0.7.1");
    assertThat(facts(route("status")))
        .containsExactly(
            "network-route eth0: started", "forwards IPv4", "services any", "antispoof no");
  }

  /** dom0's address is as far from the guest's as a router's in NAT mode. */
  @Test
  void aRoutedGuestStaysOneWhateverItsAddress() {
    kernel.add(Address.of("eth0", IpPrefix.parse("192.0.2.137/24")));
    route("start", "ipv6=no");
    nat("start", "ipv6=no");
    plug(7);
    vif(new VifRoute(), kernel, 7).succeeds("online", "ip=192.0.2.10 192.0.2.11");
    assertThat(facts(route("status"))).contains("vif7.0 192.0.2.10 192.0.2.11");
    assertThat(facts(nat("status"))).noneMatch(line -> line.startsWith("vif"));
  }

  @Test
  void statusTellsWhatSomebodyTookAway() {
    nat("start", "ipv6=no");
    kernel.deleteTable();
    kernel.sysctl("net/ipv4/ip_forward", "0");
    assertThat(facts(nat("status")))
        .contains(
            "forwards nothing: the settings are off; start it again, where /proc/sys can be"
                + " written",
            "masquerades nothing: somebody has taken our rules away; start it again",
            "dhcp no");
  }

  @Test
  void aStopSaysWhoLosesTheWayOutside() {
    nat("start");
    attach(7, "online");
    attach(8, "online", "ip=10.0.9.1 10.0.9.2");
    String vifs = ": 2 vifs, vif7.0 (10.0.7.1), vif8.0 (10.0.9.1 10.0.9.2)";
    assertThat(nat("stop", "--dry-run").err())
        .containsExactly("script: attached, and would be without a way outside by eth0" + vifs);
    kernel.failAfter(0, Refusal.ENOMEM);
    ScriptRun failing = nat(kernel);
    assertThat(failing.run("stop")).isEqualTo(1);
    assertThat(failing.err()).singleElement().asString().contains("ENOMEM");
    assertThat(nat("stop").err())
        .containsExactly("script: attached, and without a way outside by eth0 from now on" + vifs);
  }

  @Test
  void aStartSaysWhomItsWordsComeTooLateFor() {
    nat("start");
    attach(7, "online");
    attach(8, "online", "antispoof=yes");
    String[] words = {"start", "services=tcp:22", "antispoof=yes"};
    String guard = " covered by antispoof= until they are attached again: 1 vif, vif7.0";
    String limit = " covered by services= until they are attached again: 2 vifs, vif7.0, vif8.0";
    String would = "script: attached already, and would not be";
    assertThat(nat("start", "--dry-run", words[1], words[2]).err())
        .containsExactly(would + guard, would + limit);
    assertThat(nat(words).err())
        .containsExactly(
            "script: attached already, and not" + guard,
            "script: attached already, and not" + limit);
    assertThat(nat(words).err()).isEmpty();
    vif(new VifNat(), kernel, 7).succeeds("online");
    assertThat(nat("start", "services=tcp:80", "antispoof=yes").err())
        .containsExactly("script: attached already, and not" + limit);
  }

  @Test
  void wordsThatAreNewTogetherAreInOneLine() {
    nat("start");
    attach(9, "online");
    assertThat(nat("start", "services=any", "antispoof=no").err()).isEmpty();
    assertThat(nat("start", "services=tcp:22", "antispoof=yes").err())
        .containsExactly(
            "script: attached already, and not covered by antispoof= and services= until they are"
                + " attached again: 1 vif, vif9.0");
  }

  @Test
  void aStopThatNobodyNoticesSaysNothing() {
    nat("start");
    assertThat(nat("stop").err()).isEmpty();
    assertThat(nat("stop").err())
        .containsExactly("script: network-nat eth0 is not started: the settings stay");
  }

  @Test
  void ofManyTheFirstAreNamed() {
    nat("start");
    for (int domain = 1; domain <= 9; domain++) {
      attach(domain, "online");
    }
    assertThat(nat("stop").err())
        .singleElement()
        .asString()
        .contains("9 vifs, vif1.0 (10.0.1.1), ")
        .endsWith("vif8.0 (10.0.8.1) and 1 more");
  }

  /** Each wants another list for all vifs, of which there can be one. */
  @Test
  @Timeout(30)
  void ofTwoStartsAtOnceOneIsRefused() throws Exception {
    CountDownLatch admitted = new CountDownLatch(1);
    ScriptRun second =
        nat(
            new KernelDecorator(kernel) {
              @Override
              public boolean hasTable() {
                admitted.countDown();
                return super.hasTable();
              }
            });
    FutureTask<Integer> other =
        new FutureTask<>(() -> second.run("start", "netdev=eth1", "services=none"));
    Kernel first =
        new KernelDecorator(kernel) {
          @Override
          public boolean hasTable() {
            Thread.ofPlatform().start(other);
            awaitTurnOf(admitted);
            return super.hasTable();
          }
        };
    assertThat(nat(first).run("start", "services=tcp:22")).isZero();
    assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(second.err())
        .containsExactly("script: services=none: it is tcp:22 for another netdev already");
    assertThat(marks()).containsExactly("network-nat eth0");
  }

  /** Until the other one waits for the lock, or has found nothing in its way. */
  private void awaitTurnOf(CountDownLatch admitted) {
    try {
      boolean known = false;
      while (!known) {
        known = admitted.await(5, TimeUnit.MILLISECONDS) || isAwaited(lock("forwarding"));
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isAwaited(Path lock) throws IOException {
    if (!Files.exists(lock)) {
      return false;
    }
    String inode = ":" + Files.getAttribute(lock, "unix:ino") + " ";
    return Files.readAllLines(Path.of("/proc/locks")).stream()
        .anyMatch(line -> line.contains("-> FLOCK") && line.contains(inode));
  }

  /** The README has it so. */
  @Test
  void aVifsScriptCanBeRunByHand() {
    nat("start");
    plug(7);
    ScriptRun byHand = new ScriptRun(new VifNat(), kernel, runDirectory).with(store);
    byHand.succeeds("online", "vif=vif7.0", "XENBUS_PATH=backend/vif/7/0", "ip=10.0.9.1");
    assertThat(facts(nat("status"))).contains("vif7.0 10.0.9.1");
    byHand.succeeds("offline", "vif=vif7.0", "XENBUS_PATH=backend/vif/7/0", "ip=10.0.9.1");
    assertThat(facts(nat("status"))).noneMatch(line -> line.startsWith("vif"));
  }

  /** What a vif needs does not grow with the number of guests. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ofManyLimitedGuestsOneIsLookedUp(boolean translated) {
    HotplugScript script = translated ? new VifNat() : new VifRoute();
    String words = "services=tcp:22";
    kernel.add(Address.of("eth0", IpPrefix.parse("192.0.2.10/24")));
    if (translated) {
      nat("start", words);
    } else {
      route("start", words);
    }
    for (int domain = 7; domain < 9; domain++) {
      plug(domain);
      vif(script, kernel, domain).succeeds("online", "ip=10.0." + domain + ".1");
    }
    Kernel unread =
        new KernelDecorator(kernel) {
          @Override
          public Optional<List<TableEntry>> table() {
            throw new AssertionError("all of the table was asked for");
          }
        };
    vif(script, unread, 7).succeeds("online", "ip=10.0.7.1");
    vif(script, unread, 7).succeeds("offline");
    assertThat(kernel.table().orElseThrow()).noneMatch(entry -> entry.owner().equals("vif7.0"));
    vif(script, kernel, 8).succeeds("offline");
    assertThat(kernel.table().isPresent()).isEqualTo(translated);
  }

  private List<String> marks() throws IOException {
    try (var files = Files.list(runDirectory.resolve("services"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
