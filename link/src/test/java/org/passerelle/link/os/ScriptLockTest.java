package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lock excludes shell scripts' flock(1), and the other way round. */
class ScriptLockTest {
  @TempDir Path directory;

  private int tryFlock(Path file) throws IOException, InterruptedException {
    return new ProcessBuilder("flock", "--nonblock", file.toString(), "true").start().waitFor();
  }

  @Test
  void excludesShellScripts() throws Exception {
    Path file = directory.resolve("network-bridge.lock");
    try (ScriptLock lock = ScriptLock.take(file)) {
      assertThat(lock).isNotNull();
      assertThat(tryFlock(file)).isEqualTo(1);
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void waitsForAShellScript() throws Exception {
    Path file = directory.resolve("network-bridge.lock");
    Process holder =
        new ProcessBuilder("flock", file.toString(), "sh", "-c", "echo held; read line").start();
    assertThat(holder.inputReader().readLine()).isEqualTo("held");
    CompletableFuture<ScriptLock> waiting =
        CompletableFuture.supplyAsync(() -> ScriptLock.take(file));
    Thread.sleep(200);
    assertThat(waiting).isNotDone();
    holder.outputWriter().close();
    holder.waitFor();
    try (ScriptLock lock = waiting.get(10, TimeUnit.SECONDS)) {
      assertThat(lock).isNotNull();
    }
  }

  @Test
  void takesANewFileWhenTheHolderUnlinkedTheOldOne() throws Exception {
    Path file = directory.resolve("network-bridge.lock");
    ScriptLock first = ScriptLock.take(file);
    CompletableFuture<ScriptLock> second =
        CompletableFuture.supplyAsync(() -> ScriptLock.take(file));
    Thread.sleep(100);
    first.close();
    try (ScriptLock lock = second.get(10, TimeUnit.SECONDS)) {
      assertThat(lock).isNotNull();
      assertThat(file).exists();
      assertThat(tryFlock(file)).isEqualTo(1);
    }
  }
}
