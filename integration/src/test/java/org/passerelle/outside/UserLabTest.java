package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;

/** Labs as a user without any right runs them, by the launcher. */
@Needs({
  Capability.OTHER_USERS,
  Capability.USER_NAMESPACES,
  Capability.VETH,
  Capability.BRIDGE,
  Capability.INGRESS_DROP,
  Capability.LIBPCAP
})
class UserLabTest {
  private static final Duration PATIENCE = Duration.ofSeconds(180);

  /** Numbers that nobody has, and no other run of this test on the machine. */
  private static final int FIRST = 100_000 + 2 * (int) (ProcessHandle.current().pid() % 500_000);

  @TempDir private static Path shared;
  private static Installation installation;

  @TempDir private Path directory;
  private final String name = "user-" + ProcessHandle.current().pid();
  private OrdinaryUser user;
  private OrdinaryUser other;

  @BeforeAll
  static void install() throws IOException {
    installation = Installation.copyTo(shared);
  }

  @BeforeEach
  void users() throws IOException {
    Installation.openForAll(directory);
    user = OrdinaryUser.make(FIRST, directory);
    other = OrdinaryUser.make(FIRST + 1, directory);
  }

  /** What a killed lab left is removed by the run after it; the directory stays. */
  @AfterEach
  void removeRunDirectories() throws IOException {
    for (OrdinaryUser each : List.of(user, other)) {
      Files.deleteIfExists(each.runDirectory());
    }
  }

  @Test
  void theExampleGivesEveryUserWhatItGivesRoot() throws Exception {
    String yaml = example();
    List<String> asRoot;
    try (LabProcess lab = asRoot(yaml, installation.command())) {
      assertThat(lab.await(PATIENCE)).as(lab.errors()).isZero();
      asRoot = verdicts(lab);
    }
    try (LabProcess one = as(user, yaml);
        LabProcess two = as(other, yaml)) {
      assertThat(one.await(PATIENCE)).as(one.errors()).isZero();
      assertThat(two.await(PATIENCE)).as(two.errors()).isZero();
      assertThat(verdicts(one)).isEqualTo(asRoot).hasSize(23);
      assertThat(verdicts(two)).isEqualTo(asRoot);
    }
    Path captures = user.home().resolve("captures").resolve(name);
    assertThat(captures).isDirectoryContaining("glob:**/01-wire.pcapng");
    assertThat(user.ownerOf(captures.resolve("01-wire.pcapng"))).isEqualTo(user.id());
    assertThat(user.runDirectory()).isEmptyDirectory();
  }

  @Test
  void capturesWhereHeMayNotWriteAreRefused() throws Exception {
    Path captures = Files.createDirectory(directory.resolve("roots")).resolve("captures");
    try (LabProcess lab = as(user, example(), "--captures", captures.toString())) {
      assertThat(lab.await(PATIENCE)).isEqualTo(4);
      assertThat(lab.errors())
          .contains(
              "make the captures' directory "
                  + captures
                  + ": EACCES (13, Permission denied): run it as root; --captures names another"
                  + " one");
    }
    assertNothingRuns();
  }

  /** Whoever bridges, and wherever the netfronts run. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--switching=userspace",
        "--guests=process",
        "--switching=userspace --guests=process"
      })
  void theExampleRunsInEveryWay(String options) throws Exception {
    String yaml = example();
    try (LabProcess lab = as(user, yaml, options.split(" "))) {
      assertThat(lab.await(PATIENCE)).as(lab.errors()).isZero();
      assertThat(verdicts(lab)).hasSize(23).allMatch(verdict -> verdict.endsWith(" true"));
    }
    assertThat(user.runDirectory()).isEmptyDirectory();
    assertNothingRuns();
  }

  /** Routers of every kind; the DHCP server has nobody else whom it could become. */
  @ParameterizedTest
  @CsvSource({"nat, 16", "nat-dhcp, 12", "route, 14", "antispoof, 11"})
  @Needs({Capability.NFTABLES, Capability.DNSMASQ, Capability.DHCP_CLIENT})
  void routersWorkForEveryUser(String lab, int checks) throws Exception {
    String yaml = Files.readString(Path.of("labs", lab + ".yaml"));
    try (LabProcess run = as(user, yaml.replace("lab: " + lab, "lab: " + name))) {
      assertThat(run.await(PATIENCE)).as(run.errors()).isZero();
      assertThat(verdicts(run)).hasSize(checks).allMatch(verdict -> verdict.endsWith(" true"));
    }
    assertThat(user.runDirectory()).isEmptyDirectory();
    assertNothingRuns();
  }

  /** Root on a host without the device takes the same way. */
  @Test
  void rootNeedsNoTap() throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "--",
                "sh",
                "-ec",
                "mount --bind /dev/null /dev/net/tun; exec \"$@\"",
                "sh"));
    command.addAll(installation.command());
    try (LabProcess lab = asRoot(small(2), command)) {
      assertThat(lab.await(PATIENCE)).as(lab.errors()).isZero();
      assertThat(verdicts(lab)).containsExactly("ping web -> gw true");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM", "HUP"})
  void endsWhenItIsAskedTo(String signal) throws Exception {
    try (LabProcess lab = as(user, small(1000))) {
      lab.awaitTraffic();
      lab.signal(signal);
      assertThat(lab.await(PATIENCE)).as(lab.errors()).isEqualTo(130);
      assertThat(lab.errors()).contains("interrupted");
      assertThat(user.runDirectory()).isEmptyDirectory();
      assertNothingRuns();
    }
  }

  /**
   * The lab has no handler yet, and is the first process of its namespace: that ignores signals.
   */
  @Test
  void endsWhenItIsAskedToBeforeItHasBegun() throws Exception {
    try (LabProcess lab = as(user, small(1000))) {
      while (user.processes().size() < 2) {
        assertThat(lab.isAlive()).as(lab.errors()).isTrue();
        Thread.sleep(1);
      }
      lab.signal("TERM");
      assertThat(lab.await(PATIENCE)).as(lab.errors()).isIn(130, 143);
      assertNothingRuns();
    }
  }

  @Test
  void leavesNothingWhenItIsKilledAndRunsAgain() throws Exception {
    try (LabProcess lab = as(user, small(1000))) {
      lab.awaitTraffic();
      lab.kill();
      assertNothingRuns();
      assertThat(user.runDirectory().resolve(name)).as("left by SIGKILL").isDirectory();
    }
    try (LabProcess again = as(user, small(2))) {
      assertThat(again.await(PATIENCE)).as(again.errors()).isZero();
    }
    assertThat(user.runDirectory()).isEmptyDirectory();
  }

  @Test
  void collectsWhatAKilledOneLeft() throws Exception {
    try (LabProcess lab = as(user, small(1000))) {
      lab.awaitTraffic();
      lab.kill();
      assertNothingRuns();
    }
    LabProcess.Result collected = passerelle("lab", "gc");
    assertThat(collected.output()).contains("removed " + user.runDirectory().resolve(name));
    assertThat(passerelle("lab", "gc").output()).contains("nothing to remove");
    Path file = user.home().resolve(name + ".yaml");
    assertThat(passerelle("lab", "validate", file.toString()).output()).contains(": valid;");
    assertThat(passerelle("lab", "graph", file.toString()).output()).contains("vif1.0");
  }

  /**
   * In a user namespace whose own limit is zero; numbers are as outside, so that the user is one
   * whom root there can become.
   */
  @Test
  void saysWhatForbidsItAndHowToAllowIt() throws Exception {
    Path go = directory.resolve("go");
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--user",
                "--",
                "sh",
                "-ec",
                "until [ -e "
                    + go
                    + " ]; do sleep 0.1; done;"
                    + " exec setpriv --reuid=0 --regid=0 --clear-groups sh -ec \"$0\" \"$@\"",
                "echo 0 >/proc/sys/user/max_user_namespaces; exec \"$@\"",
                "sh"));
    command.addAll(user.running(installation.command()));
    try (LabProcess lab = start(user, small(2), command)) {
      // Written by root outside: a namespace's own members may map no more than themselves.
      Path process = Path.of("/proc/" + lab.pid());
      awaitOwnNamespace(process);
      Files.writeString(process.resolve("uid_map"), "0 0 4294967295");
      Files.writeString(process.resolve("gid_map"), "0 0 4294967295");
      Files.createFile(go);
      assertThat(lab.await(PATIENCE)).as(lab.errors()).isEqualTo(4);
      assertThat(lab.errors())
          .contains("this host does not give them: unshare: ")
          .contains("sysctl -w user.max_user_namespaces=10000");
    }
  }

  /** As in a container without root: something lies over a part of /proc. */
  @Test
  void saysThatAHiddenProcForbidsIt() throws Exception {
    List<String> command = new ArrayList<>(user.running(List.of("unshare")));
    command.addAll(
        List.of(
            "--user",
            "--map-root-user",
            "--mount",
            "--",
            "sh",
            "-ec",
            "mount --bind /dev/null /proc/version;"
                + " exec unshare --user --map-user=1000 --map-group=1000 -- \"$@\"",
            "sh"));
    command.addAll(installation.command());
    try (LabProcess lab = start(user, small(2), command)) {
      assertThat(lab.await(PATIENCE)).as(lab.errors()).isEqualTo(4);
      assertThat(lab.errors())
          .contains("this host does not give them: mount: /proc: permission denied")
          .contains("podman: --security-opt unmask=ALL");
    }
  }

  private static void awaitOwnNamespace(Path process) throws Exception {
    Path ours = Files.readSymbolicLink(Path.of("/proc/self/ns/user"));
    while (Files.readSymbolicLink(process.resolve("ns/user")).equals(ours)) {
      Thread.sleep(5);
    }
  }

  private String example() throws IOException {
    return Files.readString(Path.of("labs/bridge.yaml")).replace("lab: bridge", "lab: " + name);
  }

  private String small(int pings) {
    return LabLifeTest.LAB.formatted(name, pings);
  }

  private LabProcess as(OrdinaryUser who, String yaml, String... options) throws IOException {
    return start(who, yaml, who.running(installation.command()), options);
  }

  private LabProcess start(OrdinaryUser who, String yaml, List<String> command, String... options)
      throws IOException {
    Path directory = who.runDirectory().resolve(name);
    return LabProcess.start(who.home(), directory, name, yaml, command, options);
  }

  private LabProcess asRoot(String yaml, List<String> command) throws IOException {
    return LabProcess.start(
        directory, Path.of("/run/passerelle/lab").resolve(name), name, yaml, command);
  }

  private LabProcess.Result passerelle(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(user.running(installation.command()));
    command.addAll(List.of(arguments));
    return LabProcess.run(new ProcessBuilder(command));
  }

  /** SIGKILL takes its time with many namespaces. */
  private void assertNothingRuns() throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!user.processes().isEmpty() && System.nanoTime() - end < 0) {
      Thread.sleep(50);
    }
    assertThat(user.processes()).isEmpty();
  }

  /** Each check's name, and whether it passed. */
  private static List<String> verdicts(LabProcess lab) throws IOException {
    Pattern check = Pattern.compile("\"name\" : \"(.*)\",\\s*\"passed\" : (true|false)");
    Stream<String> found =
        check.matcher(lab.output()).results().map(each -> each.group(1) + " " + each.group(2));
    return found.toList();
  }
}
