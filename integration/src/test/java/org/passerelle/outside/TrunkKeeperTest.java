package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Tap;
import org.passerelle.link.testing.Needs;

/** Whoever starts the trunk process again is killed himself. */
@Needs({
  Capability.NET_ADMIN,
  Capability.TAP,
  Capability.VETH,
  Capability.BRIDGE,
  Capability.PACKET_SOCKET,
  Capability.IPROUTE2
})
class TrunkKeeperTest extends TrunkTest {
  private static final String TAP = "eth0.100";
  private static final String START = "start";
  private static final String VLAN = "vlans=100";
  private static final String USERSPACE = "switching=userspace";

  private ProcessHandle orphan;

  /** The process lives, and serves. */
  @BeforeEach
  void aProcessWithoutItsKeeper() {
    hosts.run(START, VLAN, USERSPACE);
    assertThat(status()).doesNotContain("keeper");
    orphan = hosts.process().orElseThrow();
    TrunkHosts.kill(hosts.keeper());
  }

  private String status() {
    hosts.run("status", VLAN);
    return hosts.dom0().said();
  }

  private void assertKept() {
    assertThat(Patience.until(alive -> !alive, orphan::isAlive)).isFalse();
    ProcessHandle process = hosts.process().orElseThrow();
    assertThat(status()).contains("user space: process " + process.pid()).doesNotContain("keeper");
    process.destroyForcibly();
    assertThat(Patience.until(Optional::isPresent, () -> hosts.process())).isNotEqualTo(process);
    assertThat(Patience.until(running -> running, () -> hosts.isRunning(TAP))).isTrue();
  }

  @Test
  void statusSaysThatNobodyStartsItAgain() {
    assertThat(status()).contains("process " + orphan.pid() + ", whose keeper is gone");
    assertThat(hosts.isRunning(TAP)).isTrue();
    hosts.run(START, VLAN, USERSPACE, "--dry-run");
    assertThat(hosts.dom0().said())
        .contains(
            "kill " + orphan.pid() + "  # its keeper is gone", "setsid passerelle trunk eth0");
    assertThat(orphan.isAlive()).isTrue();
  }

  @Test
  void theNextStartPutsOneThatIsKeptInItsPlace() {
    hosts.run(START, VLAN, USERSPACE);
    assertThat(hosts.dom0().said()).contains("the keeper of process " + orphan.pid());
    assertThat(hosts.isRunning(TAP)).isTrue();
    assertKept();
  }

  @Test
  void soDoesAStopThatLeavesVlans() {
    hosts.run(START, "vlans=200", USERSPACE);
    hosts.run("stop", "vlans=200");
    assertKept();
  }

  @Test
  void aStopOfAllEndsIt() {
    hosts.run("stop");
    assertThat(Patience.until(alive -> !alive, orphan::isAlive)).isFalse();
    assertThat(hosts.filesOf("eth0")).noneMatch(file -> file.toString().endsWith(".pid"));
  }

  /** Its parent is another already when it could ask for him. */
  @Test
  void oneWhoseKeeperWasKilledAtOnceIsNamedToo() {
    TrunkHosts.kill(orphan);
    ProcessHandle keeper = hosts.trunk(List.of("eth0")).toHandle();
    ProcessHandle process = Patience.until(Optional::isPresent, () -> java(keeper)).orElseThrow();
    TrunkHosts.kill(keeper);
    assertThat(Patience.until(running -> running, () -> hosts.isRunning(TAP))).isTrue();
    assertThat(status()).contains("process " + process.pid() + ", whose keeper is gone");
  }

  private static Optional<ProcessHandle> java(ProcessHandle keeper) {
    return keeper
        .children()
        .filter(child -> child.info().command().filter(name -> name.endsWith("/java")).isPresent())
        .findFirst();
  }

  /** He waits before he starts it again. */
  @Test
  void statusNamesAKeeperThatRestsAndTheNextStartEndsHim() {
    TrunkHosts.kill(orphan);
    Process keeper = hosts.passerelle("kept", List.of("trunk", "eth0"));
    assertThat(Patience.until(running -> running, () -> hosts.isRunning(TAP))).isTrue();
    int index = hosts.link(TAP).orElseThrow().index();
    TrunkHosts.kill(hosts.process().orElseThrow());
    Process start;
    try (Tap _ = hosts.dom0().open(() -> Tap.attach(TAP, index))) {
      String rests = "process " + keeper.pid() + " tries again within a minute";
      assertThat(Patience.until(said -> said.contains(rests), this::status)).contains(rests);
      start = hosts.dom0().script(List.of(TrunkHosts.SCRIPT, START, VLAN, USERSPACE));
      assertThat(Patience.end(keeper)).isEqualTo(143);
    }
    assertThat(Patience.end(start)).isZero();
    // Held by us it was running, too; the new process tries again after a second.
    assertThat(Patience.until(running -> running, () -> hosts.isRunning(TAP))).isTrue();
    assertThat(hosts.keeper()).isNotEqualTo(keeper.toHandle());
  }
}
