package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

/** dhcp=yes by the launchers, and by an agent that may do what its systemd unit lets it do. */
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.IPROUTE2,
  Capability.NFTABLES,
  Capability.OTHER_USERS,
  Capability.DNSMASQ
})
class DhcpByAgentTest {
  private static final String BACKEND = "/local/domain/0/backend/vif/7/0/";
  private static final String UNIT = "passerelle-agent.service";
  private static final String DHCP = "passerelle-agent-dhcp.conf";
  private static final Pattern SET = Pattern.compile("(?m)^CapabilityBoundingSet=(.*)$");

  /** In the agent's metrics, of a call that it did well for a launcher. */
  private static final String RAN =
      "run_seconds_count{script=\"vif-nat\",command=\"%s\",asker=\"launcher\",result=\"ok\"} 1\n";

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir private Path directory;
  private ScriptInstallation installation;
  private Dom0 dom0;

  @BeforeEach
  void host() throws Exception {
    installation = ScriptInstallation.in(directory.resolve("installed"));
    dom0 = new Dom0(namespaces, installation, directory.resolve("host"));
    dom0.wire();
    dom0.ip("address", "add", "192.0.2.10/24", "dev", "eth0");
    dom0.ip("link", "add", "vif7.0", "type", "veth", "peer", "name", "guest7");
    dom0.store().write(BACKEND + "frontend-id", "7");
    dom0.store().write(BACKEND + "handle", "0");
    dom0.store().write(BACKEND + "mac", "00:16:3e:00:07:01");
    dom0.store().write("/local/domain/7/name", "web");
    dom0.setenv("XENBUS_PATH", "backend/vif/7/0");
    dom0.setenv("vif", "vif7.0");
    dom0.run(List.of("network-nat", "start", "netdev=eth0", "dhcp=yes"));
  }

  @AfterEach
  void end() {
    dom0.run(List.of("network-nat", "stop", "netdev=eth0"));
    dom0.close();
  }

  private Path file(String name) {
    return dom0.runDirectory().resolve("dhcp").resolve(name);
  }

  private long server() throws IOException {
    return Long.parseLong(Files.readString(file("pid")).strip());
  }

  @Test
  void launchersTellAndForget() throws Exception {
    dom0.run(List.of("vif-nat", "online"));
    assertThat(file("hosts/vif7.0"))
        .hasContent("00:16:3e:00:07:01,tag:vif7.0,10.0.7.1,web # router 10.0.7.128");
    dom0.run(List.of("vif-nat", "offline"));
    assertThat(file("hosts")).isEmptyDirectory();
  }

  private Process agent(String capabilities) {
    Process agent =
        dom0.background(
            List.of(
                "setpriv",
                "--no-new-privs",
                "--bounding-set=-all," + capabilities,
                installation.launcher("passerelle"),
                "agent"),
            "agent.log");
    assertThat(Patience.until(there -> there, () -> Files.exists(calls("0/token")))).isTrue();
    return agent;
  }

  /** A release fails there no more than elsewhere. */
  @Test
  void theAgentOfTheUnitAloneSaysWhatIsMissing() throws Exception {
    dom0.run(List.of("vif-nat", "online"));
    Process agent = agent(capabilities(UNIT));
    try {
      dom0.run(List.of("vif-nat", "offline"));
      assertThat(dom0.said()).contains("the vif is released").contains(DHCP);
      assertThat(Patience.end(dom0.script(List.of("vif-nat", "online")))).isEqualTo(1);
      assertThat(dom0.store().read(BACKEND + "hotplug-error"))
          .startsWith("dhcp=yes cannot be had: start dnsmasq: EPERM")
          .contains("this process lacks CAP_SYS_ADMIN")
          .contains("scripts/" + DHCP);
    } finally {
      agent.destroy();
      agent.waitFor();
    }
  }

  @Test
  void soDoesTheAgentOfTheUnitWithItsAddition() throws Exception {
    Process agent = agent(capabilities(UNIT) + "," + capabilities(DHCP));
    try {
      long killed = server();
      ProcessHandle process = ProcessHandle.of(killed).orElseThrow();
      process.destroyForcibly();
      process.onExit().join();
      dom0.run(List.of("vif-nat", "online"));
      assertThat(server()).isNotEqualTo(killed);
      long started = server();
      assertThat(file("hosts/vif7.0")).exists();
      dom0.run(List.of("vif-nat", "offline"));
      assertThat(file("hosts")).isEmptyDirectory();
      assertThat(server()).isEqualTo(started);
      assertThat(Patience.until(seen -> seen, this::hasRunBoth)).isTrue();
    } finally {
      agent.destroy();
      agent.waitFor();
    }
  }

  private boolean hasRunBoth() {
    try {
      String metrics = Files.readString(dom0.runDirectory().resolve("agent.prom"));
      return metrics.contains(RAN.formatted("online"))
          && metrics.contains(RAN.formatted("offline"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path calls(String name) {
    return dom0.runDirectory().resolve("calls").resolve(name);
  }

  /** In setpriv's words. */
  private static String capabilities(String file) throws IOException {
    Matcher matcher = SET.matcher(Files.readString(Path.of("../scripts", file)));
    assertThat(matcher.find()).isTrue();
    return Stream.of(matcher.group(1).strip().split("\\s+"))
        .map(word -> word.replace("CAP_", "+").toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(","));
  }
}
