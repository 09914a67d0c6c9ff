package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrunkServerTest {
  private static final long SELF = ProcessHandle.current().pid();
  private Process child;

  @BeforeEach
  void aChild() throws IOException {
    child = new ProcessBuilder("sleep", "60").start();
  }

  @AfterEach
  void end() {
    child.destroyForcibly();
  }

  @Test
  void itsNumbersAreALine() {
    TrunkServer server = new TrunkServer(31, 4_000_000_000L);
    assertThat(TrunkServer.parse(server.text())).contains(server);
    assertThat(TrunkServer.parse("")).isEmpty();
    assertThat(TrunkServer.parse("31\n")).isEmpty();
    assertThat(TrunkServer.parse("31 4")).as("half written").isEmpty();
  }

  @Test
  void itIsAnOrphanWhenItsParentIsAnother() {
    assertThat(new TrunkServer(child.pid(), SELF).isOrphan()).isFalse();
    assertThat(new TrunkServer(child.pid(), SELF + 1).isOrphan()).isTrue();
  }

  @Test
  void oneThatHasEndedIsNone() throws Exception {
    child.destroyForcibly();
    child.waitFor();
    assertThat(new TrunkServer(child.pid(), SELF + 1).isOrphan()).isFalse();
  }

  /** A process has got the number of one that was killed. */
  @Test
  void anotherProcessIsNotStopped() throws Exception {
    new TrunkServer(child.pid(), SELF).stop("eth0");
    assertThat(child.waitFor(200, TimeUnit.MILLISECONDS)).isFalse();
  }
}
