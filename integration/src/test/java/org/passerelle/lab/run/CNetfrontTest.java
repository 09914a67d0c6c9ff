package org.passerelle.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.toolstack.VifDevice;

/** A frontend that shares no code with us, against our netback; then the same one gone hostile. */
@Needs({Capability.NET_ADMIN, Capability.TAP, Capability.IPROUTE2})
@Timeout(120)
class CNetfrontTest {
  @TempDir Path directory;
  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  private final CompletableFuture<String> left = new CompletableFuture<>();
  private Namespace outside;
  private CNetfront program;
  private GuestHost host;
  private VifDevice vif;

  @BeforeEach
  void start() throws Exception {
    program = CNetfront.compile(directory);
    outside = namespaces.create();
    host = new GuestHost(directory.resolve("run"), outside);
    vif = host.create("c", left);
  }

  @AfterEach
  void stop() {
    host.close();
  }

  private Victim connect(String... how) throws Exception {
    Victim guest = program.start(host.door("c"), how);
    host.toolstack.attach(vif);
    guest.await("connected");
    return guest;
  }

  private String ping(int octets) {
    return outside.call(
        () -> {
          Process process =
              new ProcessBuilder(
                      "ping",
                      "-n",
                      "-c",
                      "20",
                      "-i",
                      "0.01",
                      "-w",
                      "10",
                      "-M",
                      "do",
                      "-s",
                      Integer.toString(octets),
                      GuestHost.GUEST_ADDRESS)
                  .redirectErrorStream(true)
                  .start();
          byte[] output = process.getInputStream().readAllBytes();
          process.waitFor();
          return new String(output, StandardCharsets.UTF_8);
        });
  }

  /** One slot a frame, and frames in three slots each way. */
  @ParameterizedTest
  @CsvSource({"56", "1400", "8900"})
  void answersArpAndPing(int octets) throws Exception {
    try (Victim _ = connect()) {
      LinkWait.untilRunning(host.kernel, vif.bornAs());
      assertThat(ping(octets)).contains("20 received");
    }
  }

  @Test
  void closesWithItsBackend() throws Exception {
    try (Victim guest = connect()) {
      assertThat(host.toolstack.detach(vif)).isEmpty();
      guest.await("closed by the backend");
    }
  }

  @Test
  void indicesBeyondTheRingCloseTheVif() throws Exception {
    try (Victim guest = connect("ring")) {
      guest.await("closed by the backend");
      assertThat(host.store().read("error/" + vif.backendPath() + "/error"))
          .contains("Impossible number of requests");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "length, it sent a packet of 21 octets",
    "unread, it left its replies unread",
  })
  void aBreachAtTheDoorEndsTheGuest(String how, String reason) throws Exception {
    try (Victim _ = connect(how)) {
      assertThat(left.get(20, TimeUnit.SECONDS)).contains(reason);
      assertThat(host.toolstack.detachCrashed(vif)).isEmpty();
      host.hypervisor.destroy(vif.domain());
      assertThat(host.store().list("/local/domain")).containsExactly("0");
    }
  }

  /** What it may do with what is its own harms nobody: it still answers, and so does the next. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"door; refused", "ports; 254 more ports, then -28", "full; full"})
  void nonsenseIsRefusedAndTheVifGoesOn(String how, String said) throws Exception {
    try (Victim guest = connect(how)) {
      guest.await(said);
      LinkWait.untilRunning(host.kernel, vif.bornAs());
      assertThat(ping(56)).contains("20 received");
    }
  }

  /** One guest rings without end, another one is served. */
  @Test
  void aStormOfEventsKeepsNobodyElseFromItsFrames() throws Exception {
    try (Victim _ = connect("storm")) {
      VifDevice second = host.create("quiet", new CompletableFuture<>());
      try (Victim _ = program.start(host.door("quiet"))) {
        // Out of the way of the other's addresses; its rings stay connected.
        host.kernel.change(vif.bornAs(), LinkChange.builder().up(false).build());
        host.toolstack.attach(second);
        LinkWait.untilRunning(host.kernel, second.bornAs());
        assertThat(ping(56)).contains("20 received");
      }
      assertThat(left).isNotDone();
    }
  }
}
