package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.link.os.ScriptLock;

/** A lock that somebody else has is waited for, and no longer than that is wanted. */
@Timeout(10)
class LockWaitTest {
  private static final BooleanSupplier NEVER = () -> false;

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void file() {
    file = directory.resolve("some.lock");
  }

  @Test
  void aFreeOneIsTakenAtOnce() {
    try (ScriptLock _ = LockWait.take(file, () -> true)) {
      assertThat(ScriptLock.tryTake(file)).isEmpty();
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void itComesWhenItsHolderLetsGo() {
    ScriptLock held = ScriptLock.take(file);
    AtomicInteger looks = new AtomicInteger();
    BooleanSupplier third =
        () -> {
          if (looks.incrementAndGet() == 3) {
            held.close();
          }
          return false;
        };
    try (ScriptLock _ = LockWait.take(file, third)) {
      assertThat(ScriptLock.tryTake(file)).isEmpty();
    }
  }

  @Test
  void whoeverIsStoppedWaitsNoLongerAndLeavesItToOthers() throws InterruptedException {
    try (ScriptLock _ = ScriptLock.take(file)) {
      assertThatExceptionOfType(ScriptException.class)
          .isThrownBy(() -> LockWait.take(file, () -> true))
          .withMessage("stopped while another script had " + file);
    }
    Optional<ScriptLock> free = Optional.empty();
    while (free.isEmpty()) {
      TimeUnit.MILLISECONDS.sleep(10);
      free = ScriptLock.tryTake(file);
    }
    free.get().close();
  }

  @Test
  void whatKeepsItFromBeingTakenIsTold() {
    Path nowhere = directory.resolve("none/some.lock");
    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(() -> LockWait.take(nowhere, NEVER))
        .withMessageContaining("lock " + nowhere);
  }
}
