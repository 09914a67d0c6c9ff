package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

/**
 * {@code network-bridge start} stopped by SIGSTOP in the middle, and then what may happen to it:
 * signals, a guard that dies, an administrator who does not wait.
 */
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.BRIDGE,
  Capability.IPROUTE2,
  Capability.NFT,
  Capability.STRACE
})
class InterruptedScriptTest {
  private static final ScriptCase START = ScriptCase.NETWORK_START;

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir private Path directory;
  private ScriptInstallation installation;
  private Dom0 dom0;
  private Interruption interruption;
  private HostState before;
  private int steps;

  @BeforeEach
  void host() {
    installation = ScriptInstallation.in(directory.resolve("installed"));
    dom0 = new Dom0(namespaces, installation, directory.resolve("host"));
    START.prepare(dom0);
    interruption = new Interruption(dom0, START);
    before = HostState.of(dom0);
    dom0.run(List.of("network-bridge", "start", "--dry-run"));
    steps = (int) dom0.said().lines().count();
  }

  @AfterEach
  void end() {
    dom0.close();
  }

  private List<Integer> stages() {
    return Interruption.stages(steps);
  }

  private Process plainly() {
    return dom0.script(START.words());
  }

  private void assertIsBefore() {
    HostState now = Patience.until(before::equals, () -> HostState.of(dom0));
    assertThat(before.differencesFrom(now)).as(dom0.said()).isEmpty();
    assertThat(dom0.leftovers()).isEmpty();
  }

  /** It has come to its end: then a stop leads back to the state before. */
  private void assertIsDone() {
    assertThat(Patience.until(List::isEmpty, dom0::leftovers)).as(dom0.said()).isEmpty();
    assertThat(dom0.ip("-br", "link", "show", "master", "xenbr0")).contains("peth0", "vif0.0");
    dom0.run(ScriptCase.NETWORK_STOP.words());
    assertIsBefore();
  }

  @ParameterizedTest
  @CsvSource({"INT, true, 130", "INT, false, 130", "TERM, true, 143", "TERM, false, 143"})
  void aSignalUndoesIt(String signal, boolean toLauncher, int code) {
    // The machine hears of it a moment later, and by then the last steps may be taken.
    for (int step : Interruption.stages(steps * 2 / 3)) {
      int ended =
          interruption.at(
              step,
              this::plainly,
              process ->
                  interruption.signal(signal, toLauncher ? process.launcher() : process.machine()));
      assertThat(ended).as("step %d: %s", step, dom0.said()).isEqualTo(code);
      assertIsBefore();
    }
  }

  @Test
  void withoutItsGuardItComesToItsEnd() {
    for (int step : stages()) {
      interruption.at(
          step, this::plainly, process -> interruption.signal("KILL", process.launcher()));
      assertIsDone();
    }
  }

  private void killBoth(int step) {
    interruption.at(
        step,
        this::plainly,
        process -> {
          interruption.signal("KILL", process.launcher());
          interruption.signal("KILL", process.machine());
        });
    assertThat(dom0.leftovers()).isNotEmpty();
  }

  @Test
  void theNextRunUndoesItWhenItsGuardDiedToo() {
    for (int step : stages()) {
      killBoth(step);
      dom0.run(ScriptCase.nextRun());
      assertIsBefore();
    }
  }

  /** Killed before its last step, when all addresses have moved. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "address add 192.0.2.10/24 broadcast 192.0.2.255 dev peth0",
        "link set dev eth0 name veth0; link set dev peth0 name eth0",
        "link delete dev xenbr0",
        "link set dev peth0 nomaster; link delete dev vif0.0"
      })
  void whatIsRepairedByHandIsLeftAlone(String commands) {
    killBoth(steps - 1);
    byHand(commands);
    dom0.run(ScriptCase.nextRun());
    assertIsBefore();
  }

  private void byHand(String commands) {
    for (String command : commands.split("; ")) {
      dom0.ip(command.split(" "));
    }
  }

  @Test
  void anotherDeviceOfTheNameIsLeftAlone() {
    killBoth(steps - 1);
    byHand("link delete dev xenbr0; link add xenbr0 address 02:00:00:00:00:99 type bridge");
    String foreign = dom0.ip("link", "show", "dev", "xenbr0");
    dom0.run(ScriptCase.nextRun());
    assertThat(dom0.ip("link", "show", "dev", "xenbr0")).isEqualTo(foreign);
    byHand("link delete dev xenbr0");
    assertIsBefore();
  }

  /** Its name is taken, so the NIC cannot have its own back; nobody makes it worse meanwhile. */
  @Test
  void whatCannotBeUndoneIsRefusedUntilItCan() {
    killBoth(steps - 1);
    byHand("link add veth0 type bridge");
    dom0.run(ScriptCase.nextRun());
    assertThat(dom0.said()).contains("not undone: ip link set dev eth0 name veth0", "EEXIST");
    int code =
        Patience.end(dom0.script(List.of("network-bridge", "start", "vifnum=0", "netdev=eth0")));
    assertThat(code).as(dom0.said()).isEqualTo(1);
    assertThat(dom0.said()).contains("not all that a killed script did to it could be undone");
    byHand("link delete dev veth0");
    dom0.run(ScriptCase.nextRun());
    assertIsBefore();
  }

  /** A journal that cannot be written is one that cannot undo. */
  @ParameterizedTest
  @CsvSource({
    "'mount -t tmpfs -o size=4k tmpfs RUN; head -c 9999 /dev/zero >RUN/full', No space left",
    "'mount -t tmpfs -o ro tmpfs RUN', Read-only file system"
  })
  void withoutRoomForTheJournalNothingIsTouched(String preparation, String cause) {
    String commands =
        preparation.replace("RUN", dom0.runDirectory().toString())
            + "; exec "
            + installation.launcher("network-bridge")
            + " start";
    Process process = dom0.inEnvironment(List.of("unshare", "--mount", "sh", "-c", commands));
    assertThat(Patience.end(process)).isEqualTo(1);
    assertThat(dom0.said()).contains(cause);
    assertIsBefore();
  }
}
