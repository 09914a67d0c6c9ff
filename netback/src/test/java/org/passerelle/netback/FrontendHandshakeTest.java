package org.passerelle.netback;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.memory.ForeignGrants.MappedGrant;
import org.passerelle.hypervisor.memory.GrantAccess;
import org.passerelle.netback.protocol.BackendNodes;
import org.passerelle.netback.protocol.FrontendNodes;
import org.passerelle.netback.protocol.Offloads;
import org.passerelle.netback.protocol.PeerNodes;
import org.passerelle.netback.testing.Host;
import org.passerelle.netback.testing.TestDevice;

/** The frontend's end on an embedded host, against a backend that the test plays; by state. */
@Timeout(60)
class FrontendHandshakeTest {
  @TempDir Path directory;
  private Host host;
  private DomainContext guest;
  private DomainId id;
  private NetfrontDriver driver;

  @BeforeEach
  void start() {
    host = new Host(directory);
    guest = host.domain();
    id = guest.id();
    driver = host.frontend(guest);
  }

  @AfterEach
  void stop() {
    host.removeVif(id);
    driver.close();
    host.close();
  }

  private void backendSays(String state) {
    host.store.write(Host.backendPath(id) + "/state", state);
  }

  private void offer(BackendNodes nodes) {
    host.makeVif(id);
    nodes.write((name, value) -> host.store.write(Host.backendPath(id) + "/" + name, value));
    backendSays("2");
  }

  private FrontendNodes connected() throws FrontendNodes.Refused {
    offer(BackendNodes.OURS);
    host.awaitFrontend(id, "4");
    return FrontendNodes.read(new PeerNodes(name -> host.frontend(id, name)));
  }

  private TestDevice device() {
    return host.devices.get(id.value() + "/0");
  }

  private String error() {
    return host.store
        .readIfPresent("/local/domain/" + id.value() + "/error/device/vif/0/error")
        .orElse("");
  }

  @Nested
  class Initialising {
    @Test
    void itWaitsForTheToolstack() {
      host.settle();
      assertThat(driver.status()).isEmpty();
      host.makeVif(id);
      Host.await(() -> "status " + driver.status(), () -> driver.status().isPresent());
      host.settle();
      assertThat(host.frontend(id, "state")).as("waits for the backend").contains("1");
    }

    @Test
    void itTellsRingsAndChannelsBeforeItSaysConnected() throws Exception {
      FrontendNodes nodes = connected();
      assertThat(nodes.splitEventChannels()).isTrue();
      assertThat(nodes.rxNotify()).isTrue();
      assertThat(nodes.accepts()).isEqualTo(Offloads.ALL);
      MappedGrant tx =
          host.hypervisor.dom0().foreignGrants().map(id, nodes.txRing(), GrantAccess.READ_WRITE);
      MappedGrant rx =
          host.hypervisor.dom0().foreignGrants().map(id, nodes.rxRing(), GrantAccess.READ_WRITE);
      assertThat(tx.page().get(JAVA_INT, 0)).as("tx requests").isZero();
      assertThat(rx.page().get(JAVA_INT, 0)).as("pages offered").isEqualTo(256);
      tx.close();
      rx.close();
    }

    @Test
    void oneChannelServesBothRingsWhereNoMoreAreOffered() throws Exception {
      offer(new BackendNodes(true, false, Offloads.ALL));
      host.awaitFrontend(id, "4");
      assertThat(host.frontend(id, "event-channel")).isPresent();
      assertThat(host.frontend(id, "event-channel-tx")).isEmpty();
    }

    @Test
    void aBackendThatFlipsIsRefused() {
      offer(new BackendNodes(false, true, Offloads.ALL));
      host.awaitFrontend(id, "5");
      assertThat(error()).isEqualTo("22 backend does not offer feature-rx-copy: flipping is gone");
      backendSays("6");
      host.awaitFrontend(id, "6");
    }

    @Test
    void whatAnEarlierFrontendLeftIsClosedFirst() {
      driver.close();
      host.makeVif(id);
      host.store.write(Host.frontendPath(id) + "/state", "4");
      backendSays("4");
      driver = host.frontend(guest);
      host.awaitFrontend(id, "6");
      backendSays("6");
      host.awaitFrontend(id, "1");
      offerAgain();
      host.awaitFrontend(id, "4");
    }

    @Test
    void aDomainWithoutMemoryIsToldSo() {
      while (guest.memory().pages() > 0 && takesPage()) {}
      offer(BackendNodes.OURS);
      host.awaitFrontend(id, "5");
      assertThat(error()).startsWith("22 cannot connect: ");
    }

    private boolean takesPage() {
      try {
        guest.memory().allocate();
        return true;
      } catch (IllegalStateException e) {
        return false;
      }
    }
  }

  private void offerAgain() {
    BackendNodes.OURS.write(
        (name, value) -> host.store.write(Host.backendPath(id) + "/" + name, value));
    backendSays("2");
  }

  @Nested
  class Connected {
    @Test
    void theCarrierComesOnWhenTheBackendIsConnected() throws Exception {
      connected();
      host.settle();
      assertThat(device().carrier).isEmpty();
      backendSays("4");
      Host.await(() -> "carrier " + device().carrier, () -> !device().carrier.isEmpty());
      assertThat(device().carrier).containsOnly(true);
    }

    @Test
    void aBackendThatSaysTheSameTwiceChangesNothing() throws Exception {
      FrontendNodes before = connected();
      backendSays("2");
      host.settle();
      assertThat(host.frontend(id, "state")).contains("4");
      assertThat(host.frontend(id, "tx-ring-ref"))
          .contains(Integer.toUnsignedString(before.txRing()));
    }

    @Test
    void itClosesWithTheBackendAndComesBackWithIt() throws Exception {
      connected();
      backendSays("4");
      backendSays("5");
      host.awaitFrontend(id, "6");
      Host.await(
          () -> "carrier " + device().carrier,
          () -> !device().carrier.isEmpty() && !device().carrier.getLast());
      backendSays("6");
      backendSays("2");
      host.awaitFrontend(id, "4");
      backendSays("4");
      Host.await(() -> "carrier " + device().carrier, () -> device().carrier.getLast());
    }

    /** A backend that lost its memory: ours begins anew too. */
    @Test
    void aBackendThatFellBackIsConnectedAnew() throws Exception {
      connected();
      backendSays("4");
      Host.await(() -> "carrier " + device().carrier, () -> !device().carrier.isEmpty());
      backendSays("2");
      Host.await(() -> "carrier " + device().carrier, () -> !device().carrier.getLast());
      host.awaitFrontend(id, "4");
    }

    @Test
    void aBackendThatBreaksTheProtocolIsLeft() throws Exception {
      FrontendNodes nodes = connected();
      backendSays("4");
      MappedGrant tx =
          host.hypervisor.dom0().foreignGrants().map(id, nodes.txRing(), GrantAccess.READ_WRITE);
      tx.page().set(JAVA_INT, 8, 77);
      host.awaitFrontend(id, "5");
      assertThat(error()).isEqualTo("22 Illegal number of tx responses");
      tx.close();
      backendSays("5");
      host.awaitFrontend(id, "6");
    }
  }

  @Nested
  class Leaving {
    @Test
    void itSaysClosingWaitsAndSaysClosed() throws Exception {
      connected();
      backendSays("4");
      Thread closing = Thread.ofPlatform().start(driver::close);
      host.awaitFrontend(id, "5");
      host.settle();
      assertThat(closing.isAlive()).isTrue();
      backendSays("5");
      closing.join();
      assertThat(host.frontend(id, "state")).contains("6");
      assertThat(device().closed).isTrue();
      assertThat(device().carrier).endsWith(false);
    }

    @Test
    void everythingIsGivenBackTimeAndAgain() throws Exception {
      int rounds = 4; // the domain has pages for two channels at a time
      for (int round = 0; round < rounds; round++) {
        connectAgain(round);
        backendSays("4");
        backendSays("5");
        host.awaitFrontend(id, "6");
        backendSays("6");
      }
      assertThat(error()).isEmpty();
      assertThat(driver.status().orElseThrow().death()).isEmpty();
    }

    private void connectAgain(int round) throws FrontendNodes.Refused {
      if (round == 0) {
        connected();
      } else {
        offerAgain();
        host.awaitFrontend(id, "4");
      }
    }

    @Test
    void aDriverThatNeverBeganJustEnds() {
      driver.close();
      assertThat(driver.status()).isEmpty();
    }
  }
}
