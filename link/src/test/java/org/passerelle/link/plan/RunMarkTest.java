package org.passerelle.link.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
    assertThat(mark.isAlone()).isTrue();
    mark.remove();
    assertThat(mark.word()).isEmpty();
  }

  @Test
  void whatItCannotReadItNames() {
    assertThatExceptionOfType(FileFailure.class)
        .isThrownBy(() -> new RunMark(UNREADABLE).word())
        .extracting(FileFailure::operation)
        .isEqualTo("read " + UNREADABLE);
  }
}
