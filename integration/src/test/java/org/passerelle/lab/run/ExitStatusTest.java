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
    assertThat(ExitStatus.of(128 + 31)).isEqualTo("killed by SIGSYS");
    assertThat(ExitStatus.of(128 + 32)).isEqualTo("exit status 160");
    assertThat(ExitStatus.of(200)).isEqualTo("exit status 200");
  }
}
