package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.lab.run.GuestHandle;
import org.passerelle.lab.run.RunDirectory;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;

/** A lab whose guests are processes: frames pass, and however the lab ends, they end with it. */
@Needs({Capability.NET_ADMIN, Capability.TAP, Capability.LIBPCAP, Capability.IPROUTE2})
@Timeout(300)
class GuestProcessTest {
  private static final String LAB =
      LabText.TWO_DOMAINS
          + """
          checks:
            - ping: {from: web, to: db, count: %d}
            - do: detach db/vif0
            - do: attach db/vif0
            - do: restart-backend web/vif0
            - ping: {from: web, to: db, count: %d}
          """;

  @TempDir private Path directory;
  private final String name = "guests-" + ProcessHandle.current().pid();

  private LabProcess start(int first, int second) throws Exception {
    return LabProcess.start(
        directory, name, LAB.formatted(name, first, second), "--guests=process");
  }

  @Test
  void framesPassAndVifsComeAndGo() throws Exception {
    try (LabProcess lab = start(2, 2)) {
      assertThat(lab.await(Duration.ofSeconds(120))).as(lab.errors()).isZero();
      assertThat(lab.errors()).doesNotContain("crashed");
      assertThat(lab.runDirectory()).doesNotExist();
    }
  }

  @Test
  void aLabThatIsKilledTakesItsGuestsAlong() throws Exception {
    List<ProcessHandle> guests;
    try (LabProcess lab = start(1000, 1)) {
      guests = runningGuests(lab);
      lab.kill();
    }
    awaitEnd(guests);
    assertThat(RunDirectory.collect(RunDirectory.base())).contains(name);
  }

  /** As a terminal does it, which tells all of them. */
  @Test
  void aLabThatIsInterruptedEndsItsGuests() throws Exception {
    try (LabProcess lab = start(1000, 1)) {
      List<ProcessHandle> guests = runningGuests(lab);
      for (ProcessHandle guest : guests) {
        LabProcess.run(new ProcessBuilder("kill", "-INT", Long.toString(guest.pid())));
      }
      Thread.sleep(500);
      assertThat(guests).allMatch(ProcessHandle::isAlive);
      lab.signal("INT");
      assertThat(lab.await(Duration.ofSeconds(60))).as(lab.errors()).isEqualTo(130);
      awaitEnd(guests);
      assertThat(lab.errors()).doesNotContain("crashed");
      assertThat(lab.runDirectory()).doesNotExist();
    }
  }

  @Test
  void aGuestThatDiesFailsTheRun() throws Exception {
    String checks = "checks:\n  - ping: {from: gw, to: db, count: 150}\n";
    String yaml = LabText.TWO_DOMAINS.formatted(name) + checks;
    try (LabProcess lab = LabProcess.start(directory, name, yaml, "--guests=process")) {
      awaitGuests(lab);
      GuestHandle.of(lab.handle(), "web").destroyForcibly();
      assertThat(lab.await(Duration.ofSeconds(120))).as(lab.errors()).isEqualTo(1);
      assertThat(lab.output())
          .contains("\"reason\" : \"its process has ended (killed by SIGKILL)\"")
          .contains("\"passed\" : 1")
          .contains("\"failed\" : 0");
      assertThat(lab.errors()).contains("domain web has crashed: its process has ended");
      assertThat(lab.runDirectory()).doesNotExist();
    }
  }

  private static void awaitGuests(LabProcess lab) throws Exception {
    for (int i = 0; i < 1200 && !connected(lab); i++) {
      assertThat(lab.isAlive()).as(lab.errors()).isTrue();
      Thread.sleep(100);
    }
  }

  private static List<ProcessHandle> runningGuests(LabProcess lab) throws Exception {
    awaitGuests(lab);
    List<ProcessHandle> guests = lab.guests();
    assertThat(guests).as(lab.errors()).hasSize(2);
    return guests;
  }

  private static boolean connected(LabProcess lab) throws Exception {
    return lab.store("/local/domain/0/backend/vif/2/0/state").filter("4"::equals).isPresent();
  }

  private static void awaitEnd(List<ProcessHandle> guests) throws Exception {
    for (ProcessHandle guest : guests) {
      guest.onExit().get(20, TimeUnit.SECONDS);
    }
  }
}
