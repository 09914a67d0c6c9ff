package org.passerelle.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExitStatusTest {
  @Test
  void isSaidInWords() throws Exception {
    assertThat(ExitStatus.of(3)).isEqualTo("exit status 3");
    assertThat(ExitStatus.of(128)).isEqualTo("exit status 128");
    Process killed = new ProcessBuilder("sh", "-c", "kill -9 $$").start();
    assertThat(ExitStatus.of(killed.waitFor())).isEqualTo("killed by SIGKILL");
    assertThat(ExitStatus.of(128 + 34)).isEqualTo("killed by signal 34");
  }
}
