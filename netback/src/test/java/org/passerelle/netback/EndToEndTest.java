package org.passerelle.netback;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.device.XenbusState;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.memory.ForeignGrants.MappedGrant;
import org.passerelle.hypervisor.memory.GrantAccess;
import org.passerelle.hypervisor.memory.GrantException;
import org.passerelle.netback.testing.Host;
import org.passerelle.netback.testing.MemoryPort.Sample;
import org.passerelle.netback.testing.QueuePort;
import org.passerelle.netback.testing.Samples;

/** Both drivers on an embedded host: shared memory, eventfds, a store, two threads. */
@Timeout(120)
class EndToEndTest {
  @TempDir Path directory;
  private Host host;
  private NetbackDriver backend;
  private final List<NetfrontDriver> frontends = new ArrayList<>();

  @BeforeEach
  void start() {
    host = new Host(directory);
    backend = host.backend();
  }

  @AfterEach
  void stop() {
    frontends.forEach(NetfrontDriver::close);
    backend.close();
    host.close();
  }

  private DomainContext guest() {
    DomainContext guest = host.domain();
    host.makeVif(guest.id());
    frontends.add(host.frontend(guest));
    host.hotplug(guest.id());
    awaitConnected(guest.id());
    return guest;
  }

  private void awaitConnected(DomainId guest) {
    host.awaitBackend(guest, "4");
    Host.await(
        () -> "carrier " + host.devices.get(guest.value() + "/0").carrier,
        () -> carrierIsOn(guest));
  }

  private boolean carrierIsOn(DomainId guest) {
    List<Boolean> carrier = host.devices.get(guest.value() + "/0").carrier;
    return !carrier.isEmpty() && carrier.getLast();
  }

  private QueuePort inside(DomainId guest) {
    return (QueuePort) host.devices.get(guest.value() + "/0").port();
  }

  private QueuePort outside(DomainId guest) {
    return (QueuePort) host.devices.get("vif" + guest.value() + ".0").port();
  }

  private void carries(DomainId guest, long seed) throws InterruptedException {
    Sample out = Samples.tcp(false, 3000, 1448, seed);
    Sample in = Samples.plain(9000, seed + 1);
    inside(guest).add(out);
    outside(guest).add(in);
    assertThat(outside(guest).sent.poll(10, TimeUnit.SECONDS)).isEqualTo(out);
    assertThat(inside(guest).sent.poll(10, TimeUnit.SECONDS)).isEqualTo(in);
  }

  private MappedGrant txRing(DomainId guest) throws GrantException {
    int reference = Integer.parseUnsignedInt(host.frontend(guest, "tx-ring-ref").orElseThrow());
    return host.hypervisor.dom0().foreignGrants().map(guest, reference, GrantAccess.READ_WRITE);
  }

  @Test
  void framesCrossInBothDirectionsWhileBothThreadsRun() throws Exception {
    DomainId guest = guest().id();
    Random random = new Random(4);
    List<Sample> out = new ArrayList<>();
    List<Sample> in = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      out.add(Samples.plain(14 + random.nextInt(i % 10 == 0 ? 65522 : 1501), i));
      in.add(Samples.tcp(i % 2 == 0, 80 + random.nextInt(i % 10 == 0 ? 65456 : 1434), 1400, i));
      inside(guest).add(out.get(i));
      outside(guest).add(in.get(i));
    }
    Host.await(
        () -> "received " + inside(guest).sent.size() + ", " + outside(guest).sent.size(),
        () -> inside(guest).sent.size() == 3000 && outside(guest).sent.size() == 3000);
    assertThat(new ArrayList<>(outside(guest).sent)).isEqualTo(out);
    assertThat(new ArrayList<>(inside(guest).sent)).isEqualTo(in);
  }

  /** What a reader of the shared page sees: the indices advance with the frames. */
  @Test
  void theSharedPageTellsOfEachFrame() throws Exception {
    DomainId guest = guest().id();
    try (MappedGrant ring = txRing(guest)) {
      MemorySegment page = ring.page();
      assertThat(page.get(JAVA_INT, 0)).isZero();
      for (int i = 1; i <= 5; i++) {
        Sample frame = Samples.plain(60, i);
        inside(guest).add(frame);
        assertThat(outside(guest).sent.poll(10, TimeUnit.SECONDS)).isEqualTo(frame);
        assertThat(page.get(JAVA_INT, 0)).as("req_prod").isEqualTo(i);
      }
    }
  }

  @Test
  void oneGuestTurnsHostileAndTheOtherGoesOn() throws Exception {
    DomainId good = guest().id();
    DomainId bad = guest().id();
    carries(good, 1);
    carries(bad, 2);
    try (MappedGrant ring = txRing(bad)) {
      ring.page().set(JAVA_INT, 0, ring.page().get(JAVA_INT, 0) + 1000);
    }
    VifKey vif = new VifKey(bad, 0);
    Host.await(
        () -> "status " + backend.status(vif),
        () -> backend.status(vif).orElseThrow().state() == XenbusState.CLOSED);
    assertThat(backend.status(vif).orElseThrow().death().orElse(""))
        .startsWith("Impossible number of requests.");
    host.awaitFrontend(bad, "6");
    carries(good, 3);
    assertThat(host.backend(good, "state")).contains("4");

    backend.restart(vif);
    awaitConnected(bad);
    carries(bad, 4);
    carries(good, 5);
  }

  @Test
  void aBackendThatComesBackServesWithoutTheGuestsHelp() throws Exception {
    DomainId guest = guest().id();
    carries(guest, 1);
    backend.close();
    host.awaitFrontend(guest, "6");
    backend = host.backend();
    Host.await(
        () -> "hotplug-status " + host.backend(guest, "hotplug-status"),
        () -> host.backend(guest, "hotplug-status").isEmpty());
    host.hotplug(guest); // the new device is put into its bridge
    awaitConnected(guest);
    carries(guest, 2);
  }

  @Test
  void manyVifsShareTheThreads() throws Exception {
    List<DomainId> guests = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      guests.add(guest().id());
    }
    for (int round = 0; round < 5; round++) {
      for (DomainId guest : guests) {
        carries(guest, round);
      }
    }
    assertThat(backend.status()).hasSize(12).allMatch(one -> one.death().isEmpty());
  }

  @Test
  void aGuestThatLeavesTakesItsDeviceAlong() throws Exception {
    DomainContext guest = guest();
    carries(guest.id(), 1);
    host.store.write(Host.backendPath(guest.id()) + "/online", "0");
    frontends.removeLast().close();
    Host.await(() -> "status " + backend.status(), () -> backend.status().isEmpty());
    host.hypervisor.destroy(guest.id());
    assertThat(host.devices.values()).allMatch(device -> device.closed);
  }

  /** Pages are given back each time: the guest has memory for two channels, not for six. */
  @Test
  void restartingLeaksNothing() throws Exception {
    DomainId guest = guest().id();
    for (int round = 0; round < 6; round++) {
      List<Boolean> carrier = host.devices.get(guest.value() + "/0").carrier;
      int before = carrier.size();
      backend.restart(new VifKey(guest, 0));
      Host.await(() -> "carrier " + carrier, () -> carrier.size() > before);
      awaitConnected(guest);
      carries(guest, round);
    }
    assertThat(frontends.getFirst().status().orElseThrow().death()).isEmpty();
  }
}
