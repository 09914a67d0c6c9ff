package org.passerelle.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.passerelle.lab.report.Crash;

/** Whether an end is a crash, told of processes that are no guests. */
@Timeout(60)
class GuestEndTest {
  private final CompletableFuture<String> left = new CompletableFuture<>();
  private final List<Crash> told = new ArrayList<>();

  /** Its process takes its time to die: the lab's end comes meanwhile. */
  @Test
  void oneThatHasLeftBeforeItsEndWasAskedForHasCrashed() throws Exception {
    GuestProcess guest = guest("trap '' TERM; echo deaf >&2; read line; sleep 1");
    left.complete("it left its replies unread");
    guest.end();
    assertThat(guest.crash().map(Crash::reason))
        .contains("it left its replies unread (exit status 0)");
    assertThat(told).hasSize(1);
  }

  @Test
  void oneThatEndsWhenAskedHasNot() throws Exception {
    GuestProcess guest = guest("echo >&2; exec sleep 60");
    guest.end();
    assertThat(guest.crash()).isEqualTo(Optional.empty());
    assertThat(told).isEmpty();
  }

  /** Returns when it has written its first line. */
  private GuestProcess guest(String script) throws Exception {
    Process process = new ProcessBuilder("sh", "-c", script).start();
    CompletableFuture<String> line = new CompletableFuture<>();
    GuestLog log = new GuestLog("web", process.getErrorStream(), line::complete);
    GuestProcess made = GuestProcess.watch("web", null, process, log, left, told::add);
    line.get();
    process.getOutputStream().close();
    return made;
  }
}
