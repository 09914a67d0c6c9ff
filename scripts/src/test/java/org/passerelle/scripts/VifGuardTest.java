package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Guard;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelDecorator;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.testing.KilledKernel;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** antispoof of the vif scripts: asked for by whom, put when, and gone when. */
class VifGuardTest {
  private static final String BACKEND = "backend/vif/7/0";

  @TempDir Path runDirectory;
  private StoreServer server;
  private XenStore store;
  private FakeKernel kernel;

  @BeforeEach
  void host() {
    server = new StoreServer();
    store = server.connect(DomainId.DOM0);
    kernel = new FakeKernel();
    kernel.create(LinkSpec.of("xenbr0", BridgeKind.XEN));
    kernel.plug("eth0", MacAddress.parse("52:54:00:00:00:01"));
    plug("vif7.0");
    describe(BACKEND);
  }

  @AfterEach
  void end() {
    store.close();
    server.close();
  }

  private void plug(String device) {
    kernel.create(LinkSpec.of(device, new VethKind("g" + device)));
  }

  private void describe(String backend) {
    store.write(backend + "/mac", "00:16:3e:00:00:07");
    store.write(backend + "/ip", "10.0.9.5");
    store.write(backend + "/bridge", "xenbr0");
  }

  private ScriptRun script(HotplugScript script, Kernel on, String backend, String device) {
    return new ScriptRun(script, on, runDirectory)
        .with(store)
        .with("XENBUS_PATH", backend)
        .with("vif", device);
  }

  private ScriptRun bridged() {
    return script(new VifBridge(), kernel, BACKEND, "vif7.0");
  }

  private void node(String name, String value) {
    store.write(BACKEND + "/" + name, value);
  }

  private static void succeeds(ScriptRun script, String... words) {
    assertThat(script.run(words)).as("%s", script.err()).isZero();
  }

  private void refused(ScriptRun script, String error) {
    assertThat(script.run("online", "antispoof=yes")).isEqualTo(1);
    assertThat(store.read(BACKEND + "/hotplug-error")).isEqualTo(error);
    assertThat(store.read(BACKEND + "/hotplug-status")).isEqualTo("error");
    assertThat(kernel.link("vif7.0").orElseThrow().isUp()).isFalse();
    assertThat(kernel.link("vif7.0").orElseThrow().master()).isZero();
  }

  private List<String> rules(String device) {
    return kernel.guard(device).map(Guard::rules).orElse(List.of());
  }

  /** Each script's steps, with those of the guard where they belong. */
  @ParameterizedTest
  @CsvSource({"vif-bridge", "vif-route", "vif-nat"})
  void isPutAfterTheNameAndBeforeTheGoingUp(String name) {
    kernel.add(Address.of("eth0", IpPrefix.parse("10.0.9.1/24")));
    node("vifname", "web0");
    ScriptRun script = script(scripts(name), kernel, BACKEND, "vif7.0");
    succeeds(script, "online", "antispoof=yes", "--dry-run");
    assertThat(script.out())
        .filteredOn(line -> line.matches("(ip link set dev \\S+ (name|up)|nft).*"))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("ip link set dev vif7.0 name web0 "),
            line -> assertThat(line).contains("device \"web0\"", "arp saddr ip 10.0.9.5 "),
            line -> assertThat(line).startsWith("ip link set dev web0 up "));
    assertThat(runDirectory).isEmptyDirectory();
    succeeds(script, "online", "antispoof=yes");
    assertThat(rules("web0")).contains("ether saddr != 00:16:3e:00:00:07 drop");
    succeeds(script, "online", "antispoof=yes");
    kernel.delete("web0");
    store.remove(BACKEND);
    succeeds(script, "offline");
    assertThat(kernel.guard("web0")).isEmpty();
  }

  private static HotplugScript scripts(String name) {
    return switch (name) {
      case "vif-bridge" -> new VifBridge();
      case "vif-route" -> new VifRoute();
      default -> new VifNat();
    };
  }

  @Test
  void theVifsOwnWordCountsBeforeTheHosts() {
    ScriptRun network = new ScriptRun(new NetworkRoute(), kernel, runDirectory);
    succeeds(network, "start", "antispoof=yes");
    succeeds(bridged(), "online");
    assertThat(kernel.guard("vif7.0")).isPresent();
    node("antispoof", "no");
    succeeds(bridged(), "online", "antispoof=yes");
    assertThat(kernel.guard("vif7.0")).isEmpty();
    store.remove(BACKEND + "/antispoof");
    succeeds(network, "stop");
    succeeds(bridged(), "online");
    assertThat(kernel.guard("vif7.0")).isEmpty();
    node("antispoof", "sometimes");
    assertThat(bridged().run("online")).isEqualTo(1);
    assertThat(store.read(BACKEND + "/hotplug-error"))
        .isEqualTo("antispoof=sometimes: neither yes nor no");
  }

  @Test
  void whatCannotBeGuardedIsNotAttached() {
    store.remove(BACKEND + "/mac");
    refused(bridged(), "antispoof=yes: backend/vif/7/0/mac is not there");
    node("mac", "7");
    refused(
        bridged(),
        "antispoof=yes: backend/vif/7/0/mac: not a MAC address: 7 (six octets like"
            + " 00:16:3e:01:02:03)");
    node("mac", "00:16:3e:00:00:07");
    node("ip", "web.example");
    refused(bridged(), "ip=web.example is neither an address nor a network");
    node("ip", "10.0.9.5");
    Kernel without =
        new KernelDecorator(kernel) {
          @Override
          public Optional<Guard> guard(String device) {
            throw new KernelException("load libnftables.so.1", 95, "EOPNOTSUPP", "apt-get");
          }
        };
    refused(
        script(new VifBridge(), without, BACKEND, "vif7.0"),
        "antispoof=yes cannot be had: load libnftables.so.1: EOPNOTSUPP: apt-get");
  }

  @Test
  void withoutAddressesTheMacIsHeldAndThatIsSaid() {
    store.remove(BACKEND + "/ip");
    ScriptRun script = bridged();
    succeeds(script, "online", "antispoof=yes");
    assertThat(script.err())
        .containsExactly(
            "script: antispoof=yes without ip=: vif7.0 is kept to its MAC, and is no DHCP server"
                + " and no router; its addresses are not looked at");
    assertThat(rules("vif7.0")).contains("ip version 4 meta l4proto != udp accept");
  }

  @Test
  void anAddressThatIsComputedCountsToo() {
    store.remove(BACKEND + "/ip");
    node("frontend-id", "7");
    node("handle", "0");
    succeeds(script(new VifNat(), kernel, BACKEND, "vif7.0"), "online", "antispoof=yes");
    assertThat(rules("vif7.0")).contains("ip saddr 10.0.7.1 meta l4proto != udp accept");
  }

  /** Nothing leads back to it, and dom0 would carry on what it sends. */
  @Test
  void whomNoRouteLeadsToSendsFromNoAddress() {
    kernel.add(Address.of("eth0", IpPrefix.parse("10.0.9.1/24")));
    store.remove(BACKEND + "/ip");
    succeeds(script(new VifRoute(), kernel, BACKEND, "vif7.0"), "online", "antispoof=yes");
    assertThat(rules("vif7.0")).noneMatch(rule -> rule.startsWith("ip version 4"));
    assertThat(rules("vif7.0"))
        .contains("ip saddr 0.0.0.0 ip daddr 255.255.255.255 udp sport 68 udp dport 67 accept");
  }

  @Test
  void anEmulatedNicIsGuardedToo() {
    store.write(BACKEND + "/frontend-id", "7");
    store.write(BACKEND + "/handle", "0");
    plug("vif7.0-emu");
    for (HotplugScript script : List.of(new VifBridge(), new VifNat())) {
      ScriptRun tap =
          script(script, kernel, BACKEND, "vif7.0")
              .with("type_if", "tap")
              .with("INTERFACE", "vif7.0-emu");
      succeeds(tap, "add", "antispoof=yes");
      assertThat(kernel.guard("vif7.0-emu")).isPresent();
      succeeds(tap, "remove");
      assertThat(kernel.guard("vif7.0-emu")).isEmpty();
    }
  }

  /** Else the guest would send on, past a guard that is gone. */
  @ParameterizedTest
  @CsvSource({"vif-bridge", "vif-route", "vif-nat"})
  void goesWithAVifWhoseNewNameIsForgotten(String name) {
    kernel.add(Address.of("eth0", IpPrefix.parse("10.0.9.1/24")));
    node("vifname", "web0");
    ScriptRun script = script(scripts(name), kernel, BACKEND, "vif7.0");
    succeeds(script, "online", "antispoof=yes");
    store.remove(BACKEND);
    succeeds(script, "offline");
    assertThat(kernel.guard("web0")).isEmpty();
    assertThat(kernel.link("web0").orElseThrow().isUp()).isFalse();
    assertThat(kernel.link("web0").orElseThrow().master()).isZero();
  }

  /** A vif that is gone without a word has left its guard, which would drop all of another's. */
  @Test
  void anothersNameBringsNotItsGuard() {
    node("vifname", "web0");
    succeeds(bridged(), "online", "antispoof=yes");
    kernel.delete("web0");
    plug("vif8.0");
    String second = "backend/vif/8/0";
    describe(second);
    store.write(second + "/vifname", "web0");
    ScriptRun other = script(new VifBridge(), kernel, second, "vif8.0");
    succeeds(other, "online");
    assertThat(kernel.guard("web0")).isEmpty();
    store.write(second + "/ip", "10.0.9.8");
    succeeds(other, "online", "antispoof=yes");
    assertThat(rules("web0")).contains("ip saddr 10.0.9.8 meta l4proto != udp accept");
    succeeds(bridged(), "offline");
    assertThat(kernel.guard("web0")).isPresent();
    succeeds(other, "offline");
    assertThat(kernel.guard("web0")).isEmpty();
  }

  @Test
  void aKilledOneIsUndone() {
    node("vifname", "web0");
    int kills = 0;
    for (boolean done = false; !done; kills++) {
      try {
        Kernel dying = new KilledKernel(kernel, kills, kills % 2 == 0);
        done =
            script(new VifBridge(), dying, BACKEND, "vif7.0").run("online", "antispoof=yes") == 0;
      } catch (KilledKernel.Killed e) {
        succeeds(new ScriptRun(new Recover(), kernel, runDirectory).with(store));
        assertThat(kernel.guard("web0")).isEmpty();
        assertThat(kernel.link("vif7.0").orElseThrow().isUp()).isFalse();
      }
    }
    assertThat(kills).isGreaterThan(5);
    assertThat(kernel.guard("web0")).isPresent();
  }
}
