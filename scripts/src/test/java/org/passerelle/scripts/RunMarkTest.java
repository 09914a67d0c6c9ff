package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunMarkTest {
  /** Which the kernel lets nobody read, root neither. */
  private static final Path UNREADABLE = Path.of("/proc/sys/vm/drop_caches");

  @TempDir Path directory;

  @Test
  void keepsItsWord() {
    RunMark mark = new RunMark(directory.resolve("marks").resolve("one"));
    assertThat(mark.isSet()).isFalse();
    mark.set("tcp:22");
    assertThat(mark.word()).isEqualTo("tcp:22");
    mark.remove();
    assertThat(mark.word()).isEmpty();
  }

  @Test
  void whoeverMayNotIsToldToBeRoot() {
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> new RunMark(UNREADABLE).word())
        .withMessage("read " + UNREADABLE + ": EACCES (13, Permission denied): run it as root");
  }
}
