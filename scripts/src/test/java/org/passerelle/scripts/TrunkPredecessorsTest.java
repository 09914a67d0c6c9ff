package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.link.os.ScriptLock;

/** Those that are to give way, by shells that are called as keepers are, or otherwise. */
class TrunkPredecessorsTest {
  private static final long SELF = ProcessHandle.current().pid();
  private static final BooleanSupplier NO_STOP = () -> false;

  @TempDir Path directory;
  private final List<String> said = new ArrayList<>();
  private TrunkFiles files;
  private TrunkPredecessors predecessors;
  private Process other;

  @BeforeEach
  void aProcess() throws IOException {
    files = new TrunkFiles(directory, "eth0.1");
    predecessors = new TrunkPredecessors("eth0", files, (_, words) -> said.add(words));
    Path command = directory.resolve("passerelle");
    Files.writeString(command, "read wait\n");
    other = new ProcessBuilder("sh", command.toString(), "trunk", "eth0").start();
  }

  @AfterEach
  void end() {
    other.destroyForcibly();
  }

  private void write(long process, long keeper) {
    try {
      Files.writeString(files.number(), new TrunkServer(process, keeper).text());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TrunkPatience patience(BooleanSupplier stop) {
    return new TrunkPatience(System.nanoTime() + 200_000_000, stop);
  }

  @Test
  void anOrphanThatStaysIsAFailure() {
    write(other.pid(), SELF + 1);
    try (ScriptLock _ = ScriptLock.take(files.lock())) {
      assertThatExceptionOfType(ScriptException.class)
          .isThrownBy(() -> predecessors.endOrphan(patience(NO_STOP)))
          .withMessageContaining("process " + other.pid())
          .withMessageEndingWith("it does not end; kill it");
    }
    assertThat(said).isEmpty();
  }

  /** Another script has started it first. */
  @Test
  void anotherInItsPlaceWillDo() {
    write(other.pid(), SELF + 1);
    try (ScriptLock _ = ScriptLock.take(files.lock())) {
      predecessors.endOrphan(
          patience(
              () -> {
                write(SELF, other.pid());
                return false;
              }));
    }
    assertThat(said).singleElement().asString().endsWith("with a keeper takes its place");
  }

  @Test
  void toldToStopItDoesNotWait() {
    write(other.pid(), SELF + 1);
    try (ScriptLock _ = ScriptLock.take(files.lock())) {
      assertThatExceptionOfType(ScriptException.class)
          .isThrownBy(() -> predecessors.endOrphan(patience(() -> true)))
          .withMessageContaining("stopped");
    }
  }

  @Test
  void aKeeperThatRestsIsSeenAndEnds() throws Exception {
    write(SELF, other.pid());
    assertThat(predecessors.resting()).contains(new TrunkServer(SELF, other.pid()));
    assertThat(predecessors.plan())
        .containsExactly("kill " + other.pid() + "  # it would start one later");
    predecessors.endResting(new TrunkPatience(System.nanoTime() + 20_000_000_000L, NO_STOP));
    assertThat(other.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(predecessors.resting()).isEmpty();
  }

  @Test
  void whileAProcessServesItsKeeperDoesNotRest() {
    write(SELF, other.pid());
    try (ScriptLock _ = ScriptLock.take(files.lock())) {
      assertThat(predecessors.resting()).isEmpty();
    }
  }

  /** Its number is another process's by now. */
  @Test
  void aKeeperOfAnotherNicIsNone() {
    write(SELF, SELF);
    assertThat(predecessors.resting()).isEmpty();
    write(SELF, other.pid());
    assertThat(new TrunkPredecessors("eth1", files, (_, _) -> {}).resting()).isEmpty();
    assertThat(other.isAlive()).isTrue();
  }
}
