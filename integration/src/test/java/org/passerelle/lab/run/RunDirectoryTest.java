package org.passerelle.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.HostUser;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.testing.Needs;
import org.passerelle.natroute.dhcp.DhcpKernel;
import org.passerelle.natroute.nft.NftKernel;

class RunDirectoryTest {
  @TempDir private Path base;

  /** What a process that was killed leaves: files, and a lock that nobody holds. */
  private void leftBehind(String lab) throws Exception {
    Path store = Files.createDirectories(base.resolve(lab).resolve("xenstored"));
    Files.createFile(store.resolve("socket"));
    Files.createFile(base.resolve(lab).resolve("lock"));
  }

  @Test
  void isThereWhileHeldAndGoneAfterwards() throws Exception {
    try (RunDirectory held = RunDirectory.acquire(base, "office")) {
      assertThat(held.path()).isEqualTo(base.resolve("office")).isDirectory();
      Files.createDirectories(held.path().resolve("a/b"));
    }
    assertThat(base).isEmptyDirectory();
  }

  @Test
  void refusesANameThatRuns() throws Exception {
    try (RunDirectory held = RunDirectory.acquire(base, "office")) {
      assertThatThrownBy(() -> RunDirectory.acquire(base, "office"))
          .isInstanceOf(LabException.class)
          .hasMessageStartingWith("a lab named office is running already (" + held.path() + ")");
      RunDirectory.acquire(base, "other").close();
    }
  }

  @Test
  void clearsWhatAKilledLabLeft() throws Exception {
    leftBehind("office");
    try (RunDirectory held = RunDirectory.acquire(base, "office")) {
      assertThat(held.path()).isDirectoryNotContaining(path -> !path.endsWith("lock"));
    }
    assertThat(base).isEmptyDirectory();
  }

  /** A server would keep the lab's namespace, and hear in it. */
  @Test
  @Needs({Capability.NET_ADMIN, Capability.NFTABLES, Capability.DNSMASQ})
  void endsTheDhcpServerThatAKilledLabLeft() throws Exception {
    leftBehind("office");
    try (Namespace dom0 = Namespace.create();
        DhcpKernel kernel =
            dom0.call(
                () ->
                    new DhcpKernel(
                        new NftKernel(NetlinkKernel.open()),
                        base.resolve("office"),
                        warning -> {
                          throw new AssertionError(warning);
                        }))) {
      kernel.startDhcp("network-nat eth0");
      assertThat(kernel.isDhcpRunning()).isTrue();
      String number = Files.readString(base.resolve("office/dhcp/pid")).strip();
      assertThat(RunDirectory.collect(base)).containsExactly("office");
      assertThat(Path.of("/proc", number, "root/mnt")).doesNotExist();
    }
    assertThat(base).isEmptyDirectory();
  }

  @Test
  void collectsKilledLabsAndLeavesRunningOnes() throws Exception {
    leftBehind("dead");
    try (RunDirectory alive = RunDirectory.acquire(base, "alive")) {
      assertThat(RunDirectory.collect(base)).containsExactly("dead");
      assertThat(RunDirectory.running(base)).containsExactly("alive");
      assertThat(alive.path()).isDirectory();
    }
  }

  /** One name, taken and given back by many at once, while others look for what was left. */
  @Test
  @Timeout(60)
  void isOnesAloneHoweverManyWantIt() throws Exception {
    AtomicInteger holders = new AtomicInteger();
    AtomicInteger held = new AtomicInteger();
    List<CompletableFuture<Void>> busy = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      busy.add(forSomeTime(() -> hold(holders, held)));
    }
    busy.add(forSomeTime(() -> RunDirectory.collect(base)));
    for (CompletableFuture<Void> each : busy) {
      each.get();
    }
    assertThat(held.get()).isGreaterThan(20);
    assertThat(base).isEmptyDirectory();
  }

  private void hold(AtomicInteger holders, AtomicInteger held) throws Exception {
    try (RunDirectory directory = RunDirectory.acquire(base, "office")) {
      assertThat(holders.incrementAndGet()).as("holders").isOne();
      Files.createFile(directory.path().resolve("mine"));
      held.incrementAndGet();
      holders.decrementAndGet();
    } catch (LabException e) {
      assertThat(e).hasMessageStartingWith("a lab named office is running already");
    }
  }

  /** What may fail. */
  @FunctionalInterface
  private interface Turn {
    void take() throws Exception;
  }

  private static CompletableFuture<Void> forSomeTime(Turn turn) {
    long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    return CompletableFuture.runAsync(
        () -> {
          while (System.nanoTime() - end < 0) {
            try {
              turn.take();
            } catch (Exception e) {
              throw new CompletionException(e);
            }
          }
        },
        task -> Thread.ofPlatform().start(task));
  }

  @Test
  void leavesAloneWhatIsNotALabs() throws Exception {
    Path journal = Files.createDirectories(base.resolve("journal"));
    Files.createFile(journal.resolve("1.journal"));
    assertThat(RunDirectory.collect(base)).isEmpty();
    assertThat(RunDirectory.running(base)).isEmpty();
    assertThatThrownBy(() -> RunDirectory.acquire(base, "journal"))
        .hasMessage(journal + " is not a lab's: give the lab another name in `lab:`");
    assertThat(journal).isDirectoryContaining("glob:**/1.journal");
    assertThat(journal).isDirectoryNotContaining("glob:**/lock");
  }

  /** What cannot be removed stays a lab's, under its name, for when it can be. */
  @Test
  void whatCannotBeClearedCanBeLater() throws Exception {
    RunDirectory held = RunDirectory.acquire(base, "office");
    Path stubborn = tooDeepToBeSeen(held.path());
    assertThatThrownBy(held::close)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("too long");
    assertThatThrownBy(() -> RunDirectory.acquire(base, "office"))
        .isInstanceOf(LabException.class)
        .hasMessageStartingWith("make the run directory " + held.path());
    assertThat(RunDirectory.running(base)).containsExactly("office");
    command("rm", "-r", stubborn.toString());
    assertThat(RunDirectory.collect(base)).containsExactly("office");
    assertThat(base).isEmptyDirectory();
  }

  /** Its path is longer than a path may be. */
  private static Path tooDeepToBeSeen(Path in) throws Exception {
    String name = "d".repeat(200);
    command("mkdir", "-p", in + ("/" + name).repeat(30));
    return in.resolve(name);
  }

  private static void command(String... words) throws Exception {
    assertThat(new ProcessBuilder(words).inheritIO().start().waitFor()).isZero();
  }

  @Test
  void findsNothingWhereNothingIs() throws Exception {
    assertThat(RunDirectory.collect(base.resolve("none"))).isEmpty();
    assertThat(RunDirectory.running(base.resolve("none"))).isEmpty();
  }

  @Test
  void liesWhereOthersDoNotWrite() {
    Optional<Path> runtime = Optional.of(Path.of("/run/user/1000"));
    HostUser root = new HostUser(0, true);
    HostUser mapped = new HostUser(1000, false);
    assertThat(RunDirectory.base(root, runtime)).isEqualTo(Path.of("/run/passerelle/lab"));
    assertThat(RunDirectory.base(mapped, runtime))
        .isEqualTo(Path.of("/run/user/1000/passerelle/lab"));
    assertThat(RunDirectory.base(mapped, Optional.empty()))
        .isEqualTo(Path.of("/tmp/passerelle-1000"));
  }
}
