package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The slots that vif-bridge waits for: whatever there is in their place, it goes on. */
@Timeout(60)
class SlotsTest {
  /** As scripts/lib/slots.sh has it. */
  private static final int SLOTS = 3;

  @TempDir Path run;

  /** Says where the slot is that it took, beside another script that took none. */
  private String takeSlot() throws Exception {
    note(ProcessHandle.current().pid());
    return take();
  }

  private void note(long pid) throws IOException {
    Path directory = run.resolve("vif-slots");
    if (!Files.exists(directory)) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Files.writeString(directory.resolve("alone"), pid + "\n");
  }

  private String take() throws Exception {
    Process shell =
        shell(
            "set -eu; . lib/slots.sh; take_slot; readlink /proc/$$/fd/8 || echo"
                + " \"${alone:-none}\"");
    String output =
        new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(shell.waitFor()).as(output).isZero();
    return output;
  }

  private Process shell(String script) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true);
    builder.environment().put("PASSERELLE_RUN_DIR", run.toString());
    return builder.start();
  }

  @Test
  void whoIsAloneTakesNone() throws Exception {
    Path alone = run.resolve("vif-slots").resolve("alone");
    assertThat(take()).isEqualTo(alone.toString());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(alone.getParent())))
        .isEqualTo("rwx------");
  }

  @Test
  void isAloneWhenTheOtherWasKilled() throws Exception {
    Process other = shell("true");
    other.waitFor();
    note(other.pid());
    assertThat(take()).isEqualTo(run.resolve("vif-slots").resolve("alone").toString());
  }

  @Test
  void isNotAloneBesideAnother() throws Exception {
    assertThat(Path.of(takeSlot()).getFileName().toString()).containsOnlyDigits();
  }

  /** Half written, or by nobody of us. */
  @ParameterizedTest
  @ValueSource(strings = {"", "self\n", "12"})
  void isNotAloneWhereTheNoteSaysNothing(String note) throws Exception {
    note(0);
    Files.writeString(run.resolve("vif-slots").resolve("alone"), note);
    assertThat(Path.of(take()).getFileName().toString()).containsOnlyDigits();
  }

  /** What is removed at the end is our own file alone. */
  @Test
  void theCallersVariableIsNotOurNote() throws Exception {
    note(ProcessHandle.current().pid());
    Process shell = shell("alone=/etc/passwd; . lib/slots.sh; take_slot; echo \"note:$alone\"");
    assertThat(shell.getInputStream().readAllBytes()).asString().isEqualTo("note:\n");
  }

  @Test
  void itIsAFileThatNobodyElseCanOpen() throws Exception {
    Path slot = Path.of(takeSlot());
    assertThat(slot).isRegularFile().startsWith(run);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(slot.getParent())))
        .isEqualTo("rwx------");
  }

  /** No room on the disk, say, or one that cannot be written: root may open all but a directory. */
  @Test
  void oneThatCannotBeOpenedIsGoneWithout() throws Exception {
    Path directory = Path.of(takeSlot()).getParent();
    for (int slot = 0; slot < SLOTS; slot++) {
      Files.deleteIfExists(directory.resolve(String.valueOf(slot)));
      Files.createDirectory(directory.resolve(String.valueOf(slot)));
    }
    assertThat(takeSlot()).isEqualTo("none");
  }

  /** An earlier version's: whoever could open them may hold them still. */
  @Test
  void thoseThatOthersMayHoldAreNotWaitedFor() throws Exception {
    Path loose = Files.createDirectory(run.resolve("slots"));
    for (int slot = 0; slot < SLOTS; slot++) {
      Files.createFile(loose.resolve(String.valueOf(slot)));
    }
    Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(loose, PosixFilePermissions.fromString("rwxr-xr-x"));
    Process holder =
        shell(
            "cd '%s'; for i in 0 1 2; do eval \"exec $((i + 3))<$i\"; flock $((i + 3)); done;"
                    .formatted(loose)
                + " echo held; read end");
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("held");
      itIsAFileThatNobodyElseCanOpen();
    } finally {
      holder.getOutputStream().close();
      assertThat(holder.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }
}
