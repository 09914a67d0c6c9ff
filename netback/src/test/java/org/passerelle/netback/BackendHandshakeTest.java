package org.passerelle.netback;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.device.XenbusState;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.netback.testing.Host;
import org.passerelle.netback.testing.ManualFrontend;
import org.passerelle.netback.testing.QueuePort;

/** The backend's end on an embedded host, against a frontend that the test plays; by state. */
@Timeout(60)
class BackendHandshakeTest {
  @TempDir Path directory;
  private Host host;
  private NetbackDriver driver;
  private DomainContext guest;
  private DomainId id;
  private ManualFrontend frontend;

  @BeforeEach
  void start() {
    host = new Host(directory);
    driver = host.backend();
    guest = host.domain();
    id = guest.id();
  }

  @AfterEach
  void stop() {
    driver.close();
    host.close();
  }

  private void initWait() {
    host.makeVif(id);
    host.awaitBackend(id, "2");
  }

  private void connected() {
    initWait();
    host.hotplug(id);
    frontend = new ManualFrontend(guest).connect();
    host.awaitBackend(id, "4");
  }

  private VifStatus status() {
    return driver.status(new VifKey(id, 0)).orElseThrow();
  }

  private Optional<String> error() {
    return host.store.readIfPresent("/local/domain/0/error/backend/vif/" + id.value() + "/0/error");
  }

  @Nested
  class Initialising {
    @Test
    void theFeaturesAreThereWhenItSaysInitWait() {
      initWait();
      Map<String, String> expected = new TreeMap<>();
      expected.put("feature-sg", "1");
      expected.put("feature-gso-tcpv4", "1");
      expected.put("feature-gso-tcpv6", "1");
      expected.put("feature-ipv6-csum-offload", "1");
      expected.put("feature-rx-copy", "1");
      expected.put("feature-rx-flip", "0");
      expected.put("feature-split-event-channels", "1");
      expected.put("multi-queue-max-queues", "1");
      expected.forEach((name, value) -> assertThat(host.backend(id, name)).contains(value));
    }

    @Test
    void theHostsDeviceIsMadeUnderNetbacksName() {
      initWait();
      Host.await(
          () -> "devices " + host.devices,
          () -> host.devices.containsKey("vif" + id.value() + ".0"));
    }

    @Test
    void aDeviceThatCannotBeMadeClosesThatVifAlone() {
      driver.close();
      driver =
          new NetbackDriver(
              host.hypervisor.dom0(),
              name -> {
                throw new IllegalStateException("no tap: EPERM; run as root");
              },
              host.plane,
              host.xenbus);
      host.makeVif(id);
      host.awaitBackend(id, "6");
      String reason = "cannot make vif" + id.value() + ".0: no tap: EPERM; run as root";
      assertThat(error()).contains("22 " + reason);
      assertThat(status().death()).contains(reason);
    }

    @Test
    void whatIsNoDeviceIsLeftAlone() {
      host.store.write("/local/domain/0/backend/vif/x/0/state", "1");
      host.store.write("/local/domain/0/backend/vif/5/y/state", "1");
      host.store.write("/local/domain/0/backend/vif/99999/0/state", "1");
      host.store.write("/local/domain/0/backend/vif/5/0/state", "1");
      initWait();
      assertThat(driver.status()).hasSize(1);
      assertThat(host.store.read("/local/domain/0/backend/vif/5/0/state")).isEqualTo("1");
    }
  }

  @Nested
  class InitWait {
    @Test
    void connectedIsSaidOnlyAfterTheHotplugScript() {
      initWait();
      frontend = new ManualFrontend(guest).connect();
      Host.await(() -> "state " + status(), () -> status().state() == XenbusState.CONNECTED);
      host.settle();
      assertThat(host.backend(id, "state")).contains("2");
      assertThat(frontend.endGrants()).as("rings are mapped already").isFalse();
      host.store.write(Host.backendPath(id) + "/hotplug-status", "busy");
      host.settle();
      assertThat(host.backend(id, "state")).contains("2");
      host.hotplug(id);
      host.awaitBackend(id, "4");
    }

    @Test
    void initialisedMeansNothing() {
      initWait();
      frontend = new ManualFrontend(guest);
      frontend.state("3");
      host.settle();
      assertThat(host.backend(id, "state")).contains("2");
    }

    @Test
    void nodesThatMakeNoSenseAreRefusedWithTheReason() {
      initWait();
      frontend = new ManualFrontend(guest);
      frontend.write("multi-queue-num-queues", "0");
      frontend.connect();
      host.awaitBackend(id, "5");
      assertThat(error()).contains("22 guest requested \"0\" queues, but valid range is 1 - 1.");
    }

    @Test
    void ringsThatCannotBeMappedAreRefusedAndNothingIsKept() {
      initWait();
      frontend = new ManualFrontend(guest);
      frontend.nodes.write(frontend::write);
      frontend.write("rx-ring-ref", "4711");
      frontend.state("4");
      host.awaitBackend(id, "5");
      assertThat(error().orElse("")).startsWith("22 mapping rx-ring-ref 4711 of dom" + id.value());
      assertThat(frontend.endGrants()).isTrue();
    }

    @Test
    void aFrontendThatWasRefusedMayTryAgain() {
      initWait();
      host.hotplug(id);
      frontend = new ManualFrontend(guest);
      frontend.nodes.write(frontend::write);
      frontend.write("event-channel-tx", "0");
      frontend.state("4");
      host.awaitBackend(id, "5");
      frontend.state("6");
      host.awaitBackend(id, "6");
      frontend.state("1");
      host.awaitBackend(id, "2");
      frontend.connect();
      host.awaitBackend(id, "4");
    }
  }

  @Nested
  class Connected {
    @Test
    void closingUnmapsTheRingsBeforeItIsSaid() {
      connected();
      frontend.state("5");
      host.awaitBackend(id, "5");
      assertThat(frontend.endGrants()).isTrue();
      frontend.state("6");
      host.awaitBackend(id, "6");
      assertThat(driver.status()).as("still online").hasSize(1);
    }

    @Test
    void closedAtOnceGoesThroughClosing() {
      connected();
      frontend.state("6");
      host.awaitBackend(id, "6");
      assertThat(frontend.endGrants()).isTrue();
    }

    @Test
    void closedAndNotOnlineGivesTheDeviceUp() {
      connected();
      host.store.write(Host.backendPath(id) + "/online", "0");
      host.store.write(Host.backendPath(id) + "/state", "5");
      frontend.state("6");
      host.awaitBackend(id, "6");
      assertThat(host.devices.get("vif" + id.value() + ".0").closed).as("by then").isTrue();
      Host.await(() -> "status " + driver.status(), () -> driver.status().isEmpty());
      assertThat(host.backend(id, "hotplug-status")).isEmpty();
    }

    @Test
    void aDomainThatIsGoneGivesTheDeviceUp() {
      connected();
      host.hypervisor.destroy(id);
      Host.await(() -> "status " + driver.status(), () -> driver.status().isEmpty());
      assertThat(host.backend(id, "state")).contains("6");
    }

    @Test
    void aDirectoryThatIsRemovedStaysRemoved() {
      connected();
      host.store.remove(Host.backendPath(id));
      Host.await(() -> "status " + driver.status(), () -> driver.status().isEmpty());
      host.settle();
      assertThat(host.backend(id, "state")).isEmpty();
      assertThat(frontend.endGrants()).isTrue();
    }

    @Test
    void aFrontendThatComesBackGetsANewChannel() {
      connected();
      frontend.state("5");
      host.awaitBackend(id, "5");
      frontend.state("6");
      host.awaitBackend(id, "6");
      frontend.state("1");
      host.awaitBackend(id, "2");
      frontend = new ManualFrontend(guest).connect();
      host.awaitBackend(id, "4");
      frontend.send(60);
      QueuePort port = (QueuePort) host.devices.get("vif" + id.value() + ".0").port();
      Host.await(() -> "sent " + port.sent, () -> port.sent.size() == 1);
    }

    @Test
    void theRateIsReadAgainWhenItChanges() {
      initWait();
      host.hotplug(id);
      host.store.write(Host.backendPath(id) + "/rate", "100,60000000");
      frontend = new ManualFrontend(guest).connect();
      host.awaitBackend(id, "4");
      frontend.send(60);
      frontend.send(60);
      QueuePort port = (QueuePort) host.devices.get("vif" + id.value() + ".0").port();
      Host.await(() -> "sent " + port.sent, () -> port.sent.size() == 1);
      host.settle();
      assertThat(port.sent).hasSize(1);
      host.store.write(Host.backendPath(id) + "/rate", "not a rate");
      Host.await(() -> "sent " + port.sent, () -> port.sent.size() == 2);
    }

    @Test
    void theDriversEndIsTold() {
      connected();
      driver.close();
      assertThat(host.backend(id, "state")).contains("6");
      assertThat(frontend.endGrants()).isTrue();
      assertThat(host.devices.get("vif" + id.value() + ".0").closed).isTrue();
    }
  }

  @Nested
  class Dead {
    private void dead() {
      connected();
      frontend.txPage.set(JAVA_INT, 0, 1000);
      host.awaitBackend(id, "5");
    }

    /** Nobody sends an event: the ring is looked at all the same. */
    @Test
    void nonsenseIsNoticedAndToldWithItsReason() {
      connected();
      frontend.txPage.set(JAVA_INT, 0, 1000);
      host.awaitBackend(id, "5");
      String reason = "Impossible number of requests. req_prod 1000, req_cons 0, size 256";
      assertThat(error()).contains("22 " + reason);
      assertThat(status().death()).contains(reason);
      assertThat(frontend.endGrants()).as("unmapped").isTrue();
    }

    @Test
    void closedFollowsThoughTheFrontendDoesNotAnswer() {
      dead();
      host.awaitBackend(id, "6");
      assertThat(status().state()).isEqualTo(XenbusState.CLOSED);
    }

    @Test
    void itIsNotServedAgainByItself() {
      dead();
      frontend.state("6");
      host.awaitBackend(id, "6");
      frontend.state("1");
      host.settle();
      frontend.state("4");
      host.settle();
      assertThat(host.backend(id, "state")).contains("6");
    }

    @Test
    void itCanBeDetachedThoughItsGuestDoesNotHelp() {
      dead();
      host.awaitBackend(id, "6");
      host.store.transaction(
          work -> {
            work.write(Host.backendPath(id) + "/online", "0");
            work.write(Host.backendPath(id) + "/state", "5");
            return null;
          });
      host.awaitBackend(id, "6");
      Host.await(() -> "status " + driver.status(), () -> driver.status().isEmpty());
      assertThat(host.devices.get("vif" + id.value() + ".0").closed).isTrue();
    }

    @Test
    void restartServesItAgainOnceTheFrontendHasClosed() {
      dead();
      driver.restart(new VifKey(id, 0));
      host.awaitBackend(id, "6");
      host.settle();
      assertThat(host.backend(id, "state")).as("the frontend says 4 still").contains("6");
      frontend.state("6");
      host.awaitBackend(id, "2");
      frontend.state("1");
      frontend = new ManualFrontend(guest).connect();
      host.awaitBackend(id, "4");
      assertThat(error()).isEmpty();
      assertThat(status().death()).isEmpty();
    }
  }

  @Nested
  class Restarting {
    @Test
    void aLivingDeviceIsClosedAndServedAgain() {
      connected();
      driver.restart(new VifKey(id, 0));
      host.awaitBackend(id, "5");
      frontend.state("6");
      host.awaitBackend(id, "2");
      assertThat(frontend.endGrants()).isTrue();
    }

    @Test
    void anUnknownDeviceIsNamed() {
      assertThatThrownBy(() -> driver.restart(new VifKey(new DomainId(77), 3)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("restart vif77.3: no such device");
    }

    /** The backend's process died in Connected; its successor finds what it left. */
    @Test
    void aNewDriverTakesOverWhatADeadOneLeft() {
      driver.close();
      host.makeVif(id);
      host.hotplug(id);
      host.store.write(Host.backendPath(id) + "/state", "4");
      frontend = new ManualFrontend(guest).connect();
      driver = host.backend();
      host.awaitBackend(id, "6");
      assertThat(frontend.endGrants()).as("the old rings are not touched").isTrue();
      frontend.state("6");
      host.awaitBackend(id, "2");
      frontend.state("1");
      frontend = new ManualFrontend(guest).connect();
      Host.await(() -> "state " + status(), () -> status().state() == XenbusState.CONNECTED);
      host.settle();
      assertThat(host.backend(id, "state")).as("the new device is in no bridge").contains("2");
      host.hotplug(id);
      host.awaitBackend(id, "4");
    }

    @Test
    void whatIsClosedAndNotOnlineIsNotTakenOver() {
      driver.close();
      host.makeVif(id);
      host.store.write(Host.backendPath(id) + "/state", "6");
      host.store.write(Host.backendPath(id) + "/online", "0");
      driver = host.backend();
      host.settle();
      assertThat(driver.status()).isEmpty();
      assertThat(host.backend(id, "state")).contains("6");
    }
  }
}
