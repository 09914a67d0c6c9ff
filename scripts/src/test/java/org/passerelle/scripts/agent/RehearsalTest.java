package org.passerelle.scripts.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
  @TempDir private Path runDirectory;

  /** One that failed would run, and have compiled, no more than its beginning. */
  @Test
  void itGoesWellAndLeavesNothing() throws Exception {
    Path directory = runDirectory.resolve("calls/rehearsal");
    assertThat(Rehearsal.in(directory)).isTrue();
    assertThat(directory).doesNotExist();
  }
}
