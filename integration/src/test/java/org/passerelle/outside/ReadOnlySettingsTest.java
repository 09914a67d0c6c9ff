package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

/** Where /proc/sys is mounted read-only the scripts do all else, and say what they could not. */
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.BRIDGE,
  Capability.IPROUTE2,
  Capability.NFT
})
class ReadOnlySettingsTest {
  private static final String READ_ONLY =
      "mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys && exec \"$@\"";

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir private Path directory;
  private ScriptInstallation installation;
  private Dom0 dom0;

  @BeforeEach
  void host() {
    installation = ScriptInstallation.in(directory.resolve("installed"));
    dom0 = new Dom0(namespaces, installation, directory.resolve("host"));
    dom0.wire();
    dom0.ip("address", "add", "192.0.2.10/24", "dev", "eth0");
    Configured.bridge(dom0);
    Configured.vif(dom0);
    dom0.store().write("/local/domain/0/backend/vif/7/0/ip", "192.0.2.77");
  }

  @AfterEach
  void end() {
    dom0.close();
  }

  private void run(String script, String... words) {
    List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", READ_ONLY));
    command.addAll(List.of("sh", installation.launcher(script)));
    command.addAll(List.of(words));
    assertThat(Patience.end(dom0.inEnvironment(command))).as(dom0.said()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"network-nat,vif-nat", "network-route,vif-route"})
  void dom0DoesNotForwardAndTheGuestIsConnected(String network, String vif) {
    run(network, "start", "netdev=eth0");
    assertThat(dom0.said())
        .contains("/proc/sys is read-only: net/ipv4/ip_forward stays 0; where it can be written,")
        .contains("sysctl -w net/ipv4/ip_forward=1");
    run(vif, "online", "type_if=vif");
    assertThat(dom0.ip("route", "show", "dev", Configured.VIF_NAME)).contains("192.0.2.77");
    run(vif, "offline", "type_if=vif");
    run(network, "stop", "netdev=eth0");
    assertThat(dom0.leftovers()).isEmpty();
  }
}
