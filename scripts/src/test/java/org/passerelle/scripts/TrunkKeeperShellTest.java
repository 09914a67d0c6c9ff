package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who starts the trunk process again: scripts/lib/trunk.sh, with a process that fails as told. */
@Timeout(60)
class TrunkKeeperShellTest {

  /** How the process ends each time. */
  private static final String SCRIPT =
      """
      set -eu
      top=.. codes=$1 directory=$2
      . lib/trunk.sh
      run_java() {
        echo >>"$directory/tries"
        exit "$(echo "$codes" | cut -d' ' -f"$(wc -l <"$directory/tries")")"
      }
      eval "$3"
      keep_trunk eth0
      """;

  /** Pauses are said, and not waited for. */
  private static final String SAY_PAUSES = "rest() { echo \"pause $1\"; }\n";

  @TempDir private Path directory;
  private Process started;

  private Process keeper(String codes, String more) throws IOException {
    started =
        new ProcessBuilder("sh", "-c", SCRIPT, "sh", codes, directory.toString(), more)
            .redirectErrorStream(true)
            .start();
    return started;
  }

  @AfterEach
  void end() {
    started.descendants().forEach(ProcessHandle::destroyForcibly);
    started.destroyForcibly();
  }

  private static String output(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void thePauseGrowsToAMinuteWhileItFails() throws Exception {
    Process keeper = keeper("5 5 5 5 5 5 5 5 0", SAY_PAUSES);
    assertThat(output(keeper).lines())
        .containsExactly(
            "pause 1",
            "pause 2",
            "pause 4",
            "pause 8",
            "pause 16",
            "pause 32",
            "pause 60",
            "pause 60");
    assertThat(keeper.waitFor()).isZero();
  }

  /** Each one lives for two minutes, by a clock that goes so. */
  @Test
  void afterOneThatServedForLongThePauseIsShort() throws Exception {
    Process keeper =
        keeper(
            "5 137 0",
            SAY_PAUSES
                + "seconds() { echo >>$directory/now; echo $(($(wc -l <$directory/now) * 120)); }");
    assertThat(output(keeper).lines())
        .containsExactly(
            "pause 1",
            "the trunk process ended with 137: another one is started in 1 s",
            "pause 1");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 4})
  void afterTheseItGivesUp(int code) throws Exception {
    Process keeper = keeper(code + " 0", "");
    assertThat(output(keeper)).isEmpty();
    assertThat(keeper.waitFor()).isEqualTo(code);
  }

  @Test
  void itRestsForAllItsSeconds() throws Exception {
    assertThat(output(keeper("", "ended= ; sleep() { echo $1; }; rest 3; exit")))
        .isEqualTo("1\n".repeat(3));
  }

  @Test
  void toldToEndItRestsNoMore() throws Exception {
    String told = "child= ended= ; trap 'end_trunk 143' TERM; sleep() { echo; kill -TERM $$; }\n";
    assertThat(output(keeper("", told + "rest 60; exit"))).isEqualTo("\n");
  }

  @Test
  void toldToEndWhileItRestsItEnds() throws Exception {
    Process keeper = keeper("5 0", "sleep() { echo asleep; command sleep 1; }");
    assertThat(keeper.getInputStream().read()).isEqualTo('a');
    keeper.toHandle().destroy();
    assertThat(keeper.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(keeper.exitValue()).isEqualTo(143);
  }

  @Test
  void itNamesItselfToItsProcess() throws Exception {
    Process keeper = keeper("0", "run_java() { echo \"$*\"; exit 0; }");
    assertThat(output(keeper))
        .isEqualTo(
            "-Dpasserelle.keeper=%d org.passerelle.scripts.trunk.Main eth0\n"
                .formatted(keeper.pid()));
  }
}
