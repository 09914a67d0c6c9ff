package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

/**
 * vif-bridge as udev's rules and libxl call it, in a virtual machine of its own and through the
 * resident agent: the outcome is the same.
 */
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.TAP,
  Capability.BRIDGE,
  Capability.IPROUTE2
})
class WaysOfCallingTest {
  private static final String BACKEND = "/local/domain/0/backend/vif/7/0";
  private static final String TAP = "vif7.0-emu";

  /** Of a vif: what the kernel says (xenbus_probe_backend.c), and xen-backend.rules adds. */
  private static final List<String> UDEV_OF_VIF =
      List.of(
          "ACTION=online",
          "SUBSYSTEM=xen-backend",
          "XENBUS_TYPE=vif",
          "XENBUS_PATH=backend/vif/7/0",
          "XENBUS_BASE_PATH=backend",
          "script=/etc/xen/scripts/vif-bridge",
          "vif=vif7.0",
          "UDEV_CALL=1");

  /** Of a tap the kernel knows no more than that it is a device. */
  private static final List<String> UDEV_OF_TAP =
      List.of("ACTION=add", "SUBSYSTEM=net", "IFINDEX=9", "INTERFACE=" + TAP, "UDEV_CALL=1");

  /** libxl_linux.c, get_hotplug_env: it names the vif, too. */
  private static final List<String> LIBXL_OF_TAP =
      List.of(
          "script=/etc/xen/scripts/vif-bridge",
          "XENBUS_TYPE=vif",
          "XENBUS_PATH=backend/vif/7/0",
          "XENBUS_BASE_PATH=backend",
          "netdev=",
          "gatewaydev=",
          "vif=vif7.0",
          "INTERFACE=" + TAP);

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir private Path directory;
  private ScriptInstallation installation;
  private Dom0 dom0;
  private Optional<ResidentAgent> agent = Optional.empty();

  @BeforeEach
  void host() throws Exception {
    installation = ScriptInstallation.in(directory.resolve("installed"));
    dom0 = new Dom0(namespaces, installation, directory.resolve("host"));
    dom0.ip("link", "add", "xenbr0", "type", "bridge");
    dom0.ip("link", "add", "vif7.0", "type", "veth", "peer", "name", "guest7");
    dom0.ip("tuntap", "add", "dev", TAP, "mode", "tap");
    dom0.store().write(BACKEND + "/bridge", "xenbr0");
  }

  @AfterEach
  void end() {
    agent.ifPresent(ResidentAgent::close);
    dom0.close();
  }

  private void startAgent(boolean wanted) {
    agent = wanted ? Optional.of(ResidentAgent.start(dom0, installation)) : Optional.empty();
  }

  /** In an environment that has nothing else of a device. */
  private void call(List<String> environment, String... words) {
    List<String> command = new ArrayList<>(List.of("env"));
    command.addAll(environment);
    command.add(installation.launcher("vif-bridge"));
    command.addAll(List.of(words));
    assertThat(Patience.end(dom0.inEnvironment(command))).as(dom0.said()).isZero();
  }

  private List<String> ports() {
    return dom0.ip("-br", "link", "show", "master", "xenbr0")
        .lines()
        .map(line -> line.split("[@ ]")[0])
        .toList();
  }

  private void assertWasAsked(long calls) {
    agent.ifPresent(one -> one.assertRan("launcher", calls));
  }

  private Optional<String> status() {
    return dom0.store().readIfPresent(BACKEND + "/hotplug-status");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void udevOfAVif(boolean throughAgent) {
    startAgent(throughAgent);
    call(UDEV_OF_VIF, "online", "type_if=vif");
    assertThat(ports()).containsExactly("vif7.0");
    assertThat(status()).contains("connected");
    call(UDEV_OF_VIF, "offline", "type_if=vif");
    assertThat(ports()).isEmpty();
    assertWasAsked(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void udevWhereLibxlRunsTheScripts(boolean throughAgent) {
    dom0.store().write("/local/domain/0/libxl/disable_udev", "1");
    startAgent(throughAgent);
    call(UDEV_OF_VIF, "online", "type_if=vif");
    call(UDEV_OF_TAP, "add", "type_if=tap");
    assertThat(ports()).isEmpty();
    assertThat(status()).isEmpty();
    assertWasAsked(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aVifIsNeitherAddedNorRemoved(boolean throughAgent) {
    startAgent(throughAgent);
    call(UDEV_OF_VIF, "add", "type_if=vif");
    assertThat(ports()).isEmpty();
    call(UDEV_OF_VIF, "online", "type_if=vif");
    call(UDEV_OF_VIF, "remove", "type_if=vif");
    assertThat(ports()).containsExactly("vif7.0");
    assertWasAsked(3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void udevOfATap(boolean throughAgent) {
    startAgent(throughAgent);
    addsAndRemovesTheTap(UDEV_OF_TAP);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void libxlOfATap(boolean throughAgent) {
    dom0.store().write("/local/domain/0/libxl/disable_udev", "1");
    startAgent(throughAgent);
    addsAndRemovesTheTap(LIBXL_OF_TAP);
  }

  /** Nobody waits for a tap: the toolstack is told nothing. */
  private void addsAndRemovesTheTap(List<String> environment) {
    call(environment, "add", "type_if=tap");
    assertThat(ports()).containsExactly(TAP);
    assertThat(dom0.ip("-br", "link", "show", "dev", TAP)).contains(",UP");
    call(environment, "remove", "type_if=tap");
    assertThat(ports()).isEmpty();
    assertThat(status()).isEmpty();
    assertWasAsked(2);
  }
}
