package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.plan.Host;
import org.passerelle.link.rtnl.DhcpHost;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelDecorator;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.wire.MacAddress;

/** The word dhcp: who says it, and what is said where it cannot be had. */
class DhcpWordTest {
  private static final String BACKEND = "backend/vif/7/1/";
  private static final String ONLINE = "online";

  @TempDir Path runDirectory;
  private final FakeKernel kernel = new FakeKernel();
  private StoreServer server;
  private XenStore store;

  @BeforeEach
  void host() {
    server = new StoreServer();
    store = server.connect(DomainId.DOM0);
    kernel.plug("eth0", MacAddress.parse("52:54:00:00:00:01"));
    kernel.plug("vif7.1", MacAddress.VIF);
    kernel.startDhcp("network-nat eth0");
    store.write(BACKEND + "frontend-id", "7");
    store.write(BACKEND + "handle", "1");
    store.write(BACKEND + "mac", "00:16:3e:00:07:01");
  }

  @AfterEach
  void end() {
    store.close();
    server.close();
  }

  private ScriptRun vif() {
    return vif(kernel);
  }

  private ScriptRun vif(Kernel on) {
    return new ScriptRun(new VifNat(), on, runDirectory)
        .with(store)
        .with("XENBUS_PATH", BACKEND.substring(0, BACKEND.length() - 1))
        .with("vif", "vif7.1");
  }

  private static ScriptRun network(Kernel on, Path runDirectory) {
    return new ScriptRun(new NetworkNat(), on, runDirectory);
  }

  /** The vif's own word counts most, then the call's, then the host's. */
  @ParameterizedTest
  @CsvSource({"'', '', true", "no, '', false", "'', no, false", "no, yes, false", "yes, no, true"})
  void whoSaysItLastIsHeard(String node, String word, boolean told) {
    store.write(BACKEND + "dhcp", node);
    assertThat(vif().run(ONLINE, "dhcp=" + word)).isZero();
    assertThat(kernel.dhcpHosts()).hasSize(told ? 1 : 0);
  }

  @Test
  void whereNoHostSaysItNobodyIsTold() {
    kernel.stopDhcp("network-nat eth0");
    assertThat(vif().run(ONLINE)).isZero();
    assertThat(kernel.dhcpHosts()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/local/domain/7/name, my.vm, '', '', my-vm-2",
    "/local/domain/7/vm, /vm/12-ab, /vm/12-ab/name, other, other-2",
    "/local/domain/7/vm, /vm/12-ab/../../tool, /tool/name, tool, dom7-2",
    "/local/domain/8/name, web, '', '', dom7-2"
  })
  void aGuestIsCalledAsItsDomain(
      String node, String value, String more, String name, String called) {
    store.write(node, value);
    if (!more.isEmpty()) {
      store.write(more, name);
    }
    assertThat(vif().run(ONLINE)).isZero();
    assertThat(kernel.dhcpHosts()).extracting(DhcpHost::name).containsExactly(called);
  }

  @Test
  void whatIsMissingIsSaid() {
    store.remove(BACKEND + "mac");
    assertThat(vif().run(ONLINE)).isEqualTo(1);
    assertThat(store.read(BACKEND + "hotplug-error"))
        .isEqualTo("dhcp=yes: backend/vif/7/1/mac is not there");
    assertThat(vif().run(ONLINE, "dhcp=maybe")).isEqualTo(1);
    assertThat(store.read(BACKEND + "hotplug-error")).isEqualTo("dhcp=maybe: neither yes nor no");
  }

  @Test
  void aGuestOfIpv6OnlyIsToldNothing() {
    store.write(BACKEND + "ip", "fd00::7");
    ScriptRun vif = vif();
    assertThat(vif.run(ONLINE)).isZero();
    assertThat(kernel.dhcpHosts()).isEmpty();
    assertThat(vif.err()).anyMatch(line -> line.contains("the guest has no IPv4 address"));
  }

  @Test
  void aDryRunTellsNobody() {
    ScriptRun vif = vif();
    assertThat(vif.run(ONLINE, "--dry-run")).isZero();
    assertThat(vif.out())
        .anyMatch(
            line ->
                line.startsWith(
                    "dnsmasq --dhcp-host=00:16:3e:00:07:01,tag:vif7.1,10.0.7.2,dom7-2"));
    assertThat(kernel.dhcpHosts()).isEmpty();
  }

  /** Its mark stays, so that the next release tries again. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aVifGoesWhateverTheServerSays(boolean whenAsked) {
    assertThat(vif().run(ONLINE)).isZero();
    ScriptRun release = vif(refusing(whenAsked));
    assertThat(release.run("offline")).as("%s", release.err()).isZero();
    assertThat(release.err())
        .anyMatch(line -> line.contains("the vif is released") && line.contains("ill"));
    assertThat(kernel.link("vif7.1").orElseThrow().isUp()).isFalse();
    assertThat(new Host(kernel).addresses("vif7.1")).isEmpty();
    assertThat(kernel.dhcpHosts()).hasSize(1);
    assertThat(vif().run("offline")).isZero();
    assertThat(kernel.dhcpHosts()).isEmpty();
    assertThat(runDirectory.resolve("leases")).isEmptyDirectory();
  }

  private Kernel refusing(boolean whenAsked) {
    return new KernelDecorator(kernel) {
      @Override
      public Optional<DhcpHost> dhcpHost(String vif) {
        if (whenAsked) {
          throw new UncheckedIOException(new IOException("ill"));
        }
        return super.dhcpHost(vif);
      }

      @Override
      public void remove(DhcpHost host) {
        throw new UncheckedIOException(new IOException("ill"));
      }
    };
  }

  /** Only what may fail is no failure of a release. */
  @Test
  void aFaultOfOursIsNotHidden() {
    assertThat(vif().run(ONLINE)).isZero();
    Kernel faulty =
        new KernelDecorator(kernel) {
          @Override
          public Optional<DhcpHost> dhcpHost(String vif) {
            throw new IllegalStateException("faulty");
          }
        };
    ScriptRun release = vif(faulty);
    assertThat(release.run("offline")).isOne();
    assertThat(release.err())
        .anyMatch(line -> line.contains("unexpected, please report it"))
        .noneMatch(line -> line.contains("the vif is released"));
  }

  @Test
  void withoutDnsmasqNothingIsBegun() {
    Kernel without =
        new KernelDecorator(kernel) {
          @Override
          public boolean isDhcpRunning() {
            throw new KernelException(
                "find dnsmasq", 95, "EOPNOTSUPP", "apt-get install dnsmasq-base");
          }
        };
    KernelState before = KernelState.of(kernel);
    ScriptRun script = network(without, runDirectory);
    assertThat(script.run("start", "dhcp=yes")).isEqualTo(1);
    assertThat(script.err())
        .anyMatch(
            line ->
                line.endsWith(
                    "dhcp=yes cannot be had, and nothing was changed: find dnsmasq: EOPNOTSUPP:"
                        + " apt-get install dnsmasq-base"));
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
  }

  @Test
  void routedGuestsAreNotTold() {
    ScriptRun script = new ScriptRun(new NetworkRoute(), kernel, runDirectory);
    assertThat(script.run("start", "dhcp=yes")).isZero();
    assertThat(script.err()).anyMatch(line -> line.contains("dhcp=yes means nothing to"));
  }
}
