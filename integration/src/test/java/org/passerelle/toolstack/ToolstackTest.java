package org.passerelle.toolstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;
import org.passerelle.link.wire.MacAddress;

/** The toolstack against a real store; the drivers are played by a script of store writes. */
@Timeout(60)
class ToolstackTest {
  private static final String BACKEND = "/local/domain/0/backend/vif/5/1";
  private static final String FRONTEND = "/local/domain/5/device/vif/1";

  private static final VifDevice VIF =
      new VifDevice(
          new DomainId(5),
          "web",
          1,
          MacAddress.parse("00:16:3e:00:00:01"),
          "xenbr0",
          Optional.of("192.0.2.11"),
          Optional.of("62500,50000"),
          Optional.empty(),
          Optional.of("1p/100"),
          OptionalInt.of(9000),
          "vif-bridge",
          List.of("antispoof=yes"));

  private final StoreServer server = new StoreServer();
  private final XenStore store = server.connect(DomainId.DOM0);
  private final ExecutorService drivers = Executors.newSingleThreadExecutor();
  private final List<String> scripts = new ArrayList<>();
  private int exitCode;
  private String hotplugError = "";
  private Map<String, String> environment = Map.of();

  private final Toolstack toolstack =
      new Toolstack(
          store,
          (script, arguments, given) -> {
            scripts.add(script + " " + String.join(" ", arguments));
            environment = given;
            if (arguments.getFirst().equals("online")) {
              store.write(BACKEND + "/hotplug-error", hotplugError);
              store.write(BACKEND + "/hotplug-status", "connected");
            }
            return exitCode;
          });

  @BeforeEach
  void introduce() {
    server.introduce(VIF.domain());
    store.mkdir("/local/domain/5");
  }

  @AfterEach
  void close() {
    drivers.shutdownNow();
    store.close();
    server.close();
  }

  /** Plays a driver: whenever the node changes, {@code react} gets its value. */
  private void driver(String path, Consumer<String> react) {
    store.watch(
        path,
        "driver:" + path,
        event -> drivers.execute(() -> store.readIfPresent(path).ifPresent(react)));
  }

  /** A backend that goes through the handshake, and a frontend that connects when it may. */
  private void goodDrivers() {
    driver(
        BACKEND + "/state",
        state -> {
          switch (state) {
            case "1" -> store.write(BACKEND + "/state", "2");
            case "5" -> store.write(BACKEND + "/state", "6");
            default -> {}
          }
        });
    driver(
        BACKEND + "/hotplug-status",
        status -> {
          if (status.equals("connected")) {
            store.write(BACKEND + "/state", "4");
            store.write(FRONTEND + "/state", "4");
          }
        });
  }

  @Test
  void writesWhatXendAndLibxlWrite() throws Exception {
    goodDrivers();
    toolstack.attach(VIF);
    assertThat(nodes(BACKEND))
        .containsExactlyInAnyOrder(
            "bridge=xenbr0",
            "domain=web",
            "frontend=" + FRONTEND,
            "frontend-id=5",
            "handle=1",
            "hotplug-error=",
            "hotplug-status=connected",
            "ip=192.0.2.11",
            "mac=00:16:3e:00:00:01",
            "mtu=9000",
            "online=1",
            "rate=62500,50000",
            "script=vif-bridge",
            "state=4",
            "type=vif",
            "vlan=1p/100");
    assertThat(nodes(FRONTEND))
        .containsExactlyInAnyOrder(
            "backend=" + BACKEND,
            "backend-id=0",
            "handle=1",
            "mac=00:16:3e:00:00:01",
            "mtu=9000",
            "state=4");
  }

  private List<String> nodes(String path) {
    return store.list(path).stream()
        .map(name -> name + "=" + store.read(path + "/" + name))
        .toList();
  }

  @Test
  void letsEachEndReadTheOtherAndWriteItself() throws Exception {
    goodDrivers();
    toolstack.attach(VIF);
    assertThat(store.permissions(BACKEND + "/state").entries()).containsExactly("n0", "r5");
    assertThat(store.permissions(FRONTEND + "/state").entries()).containsExactly("n5", "r0");
  }

  @Test
  void runsTheScriptWithLibxlsEnvironment() throws Exception {
    goodDrivers();
    toolstack.attach(VIF);
    assertThat(scripts).containsExactly("vif-bridge online type_if=vif antispoof=yes");
    assertThat(environment)
        .containsOnly(
            Map.entry("script", "vif-bridge"),
            Map.entry("XENBUS_TYPE", "vif"),
            Map.entry("XENBUS_PATH", "backend/vif/5/1"),
            Map.entry("XENBUS_BASE_PATH", "backend"),
            Map.entry("netdev", ""),
            Map.entry("vif", "vif5.1"));
  }

  @Test
  void removesEverythingWhenTheScriptFailsAndPassesItsReasonOn() {
    goodDrivers();
    exitCode = 1;
    hotplugError = "Could not find bridge device xenbr0";
    assertThatThrownBy(() -> toolstack.attach(VIF))
        .isInstanceOf(ToolstackException.class)
        .hasMessageContaining(
            "attach vif5.1 of web: vif-bridge online exited with error status 1: Could not find"
                + " bridge device xenbr0");
    assertThat(store.readIfPresent(BACKEND)).isEmpty();
    assertThat(store.readIfPresent(FRONTEND)).isEmpty();
    assertThat(scripts).last().isEqualTo("vif-bridge offline type_if=vif antispoof=yes");
  }

  @Test
  void saysWhyABackendRefuses() {
    driver(
        BACKEND + "/state",
        state -> {
          if (state.equals("1")) {
            store.write("/local/domain/0/error/backend/vif/5/1/error", "22 no tap");
            store.write(BACKEND + "/state", "6");
          }
        });
    assertThatThrownBy(() -> toolstack.attach(VIF))
        .hasMessage("attach vif5.1 of web: its backend did not become ready, state 6: 22 no tap");
  }

  @Test
  void detachesAndLeavesNothing() throws Exception {
    goodDrivers();
    toolstack.attach(VIF);
    assertThat(toolstack.detach(VIF)).isEmpty();
    assertThat(store.readIfPresent(BACKEND)).isEmpty();
    assertThat(store.readIfPresent(FRONTEND)).isEmpty();
    assertThat(scripts).last().asString().startsWith("vif-bridge offline");
  }
}
