package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.IpPrefix;

/**
 * dom0 is spoken to from outside while network-bridge, run by its launcher, starts and stops: what
 * is under way goes on, and no address that was valid is put through duplicate detection again. How
 * long it pauses is for {@code scripts/bench reach} to say.
 */
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.BRIDGE,
  Capability.IPROUTE2,
  Capability.NFT
})
class ReachableTest {
  private static final List<InetAddress> DOM0 =
      List.of(IpPrefix.address("192.0.2.10"), IpPrefix.address("2001:db8::10"));

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir private Path directory;
  private Dom0 dom0;
  private Namespace outside;

  @BeforeEach
  void host() {
    ScriptInstallation installation = ScriptInstallation.in(directory.resolve("installed"));
    dom0 = new Dom0(namespaces, installation, directory.resolve("host"));
    dom0.command("sysctl", "-qw", "net.ipv4.conf.default.rp_filter=2");
    outside = dom0.wire();
    namespaces.address(outside, "w0", "192.0.2.1/24");
    namespaces.address(outside, "w0", "2001:db8::1/64");
    Configured.network(dom0);
  }

  @AfterEach
  void end() {
    dom0.close();
  }

  /** By the running kernel's own way, and by that of one that renames only what is down. */
  @ParameterizedTest
  @CsvSource({
    "netloop,'',xenbr0,peth0",
    "netloop,-Dos.version=6.1,xenbr0,peth0",
    "rename,'',eth0,peth0",
    "rename,-Dos.version=6.1,eth0,peth0",
    "keep,'',xenbr0,eth0"
  })
  void whatIsUnderWayGoesOn(String generation, String kernel, String bridge, String port)
      throws Exception {
    dom0.setenv("JDK_JAVA_OPTIONS", kernel);
    HostState before = HostState.of(dom0);
    Process monitor = monitorAddresses();
    List<Traffic> traffic = traffic();
    awaitMore(traffic);
    dom0.run(List.of("network-bridge", "start", "generation=" + generation));
    awaitMore(traffic);
    assertThat(dom0.ip("-br", "link", "show", "master", bridge)).contains(port);
    dom0.run(List.of("network-bridge", "stop"));
    awaitMore(traffic);
    for (Traffic one : traffic) {
      one.end();
    }
    HostState now = Patience.until(before::equals, () -> HostState.of(dom0));
    assertThat(before.differencesFrom(now)).isEmpty();
    monitor.destroy();
    Patience.end(monitor);
    assertThat(monitored()).contains("2001:db8::10/64").doesNotContain("tentative");
  }

  private List<Traffic> traffic() {
    List<Traffic> traffic = new ArrayList<>();
    for (InetAddress address : DOM0) {
      traffic.add(new EchoRequests(outside, address));
      traffic.add(new CountedStream(dom0, outside, address));
    }
    return traffic;
  }

  /** What is sent from now on arrives. */
  private static void awaitMore(List<Traffic> traffic) {
    for (Traffic one : traffic) {
      int sent = one.sent();
      assertThat(Patience.until(arrived -> arrived > sent, one::arrived)).isGreaterThan(sent);
    }
  }

  /** It has begun to listen when it tells of a change. */
  private Process monitorAddresses() {
    Process monitor =
        dom0.start(
            new ProcessBuilder("ip", "-6", "monitor", "address")
                .redirectErrorStream(true)
                .redirectOutput(dom0.file("monitored").toFile()));
    Patience.until(
        told -> !told.isEmpty(),
        () -> {
          dom0.ip("address", "replace", "2001:db8:1::1/128", "dev", "lo", "nodad");
          dom0.ip("address", "delete", "2001:db8:1::1/128", "dev", "lo");
          return monitored();
        });
    return monitor;
  }

  private String monitored() {
    try {
      return Files.readString(dom0.file("monitored"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
