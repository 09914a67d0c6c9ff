package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.lab.run.RunDirectory;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;

/** A lab leaves nothing behind: after its end, after a second run, after SIGKILL in the middle. */
@Needs({Capability.NET_ADMIN, Capability.VETH, Capability.LIBPCAP, Capability.IPROUTE2})
class LabLifeTest {
  static final String LAB =
      LabText.ONE_DOMAIN
          + """
          checks:
            - ping: {from: web, to: gw, count: %d}
          """;

  @TempDir private Path directory;
  private final String name = "life-" + ProcessHandle.current().pid();

  @Test
  void nothingIsLeftByTwoRunsOneKilledAndOneMore() throws Exception {
    String links = links();

    assertThat(run(2)).isZero();
    assertThat(run(2)).isZero();
    killInTheMiddle();
    assertThat(run(2)).isZero();

    assertThat(links()).isEqualTo(links);
    assertThat(RunDirectory.base().resolve(name)).doesNotExist();
  }

  @Test
  void asksForItsEndAndTearsDown() throws Exception {
    try (LabProcess lab = start(1000)) {
      lab.awaitTraffic();
      lab.signal("INT");

      assertThat(lab.await(Duration.ofSeconds(15))).as(lab.errors()).isEqualTo(130);
      assertThat(lab.runDirectory()).doesNotExist();
      assertThat(lab.output())
          .contains("\"problems\" : [ \"passerelle: lab " + name + ": interrupted");
    }
  }

  @Test
  void refusesASecondLabOfTheSameNameAndLeavesTheFirstAlone() throws Exception {
    try (LabProcess first = start(1000)) {
      first.awaitTraffic();
      try (LabProcess second = start(2)) {
        assertThat(second.await(Duration.ofSeconds(30))).isEqualTo(4);
        assertThat(second.errors()).contains("a lab named " + name + " is running already");
      }
      assertThat(first.isAlive()).isTrue();
      assertThat(first.store("/local/domain/0/backend/vif/1/0/state")).contains("4");
    }
  }

  private LabProcess start(int pings) throws IOException {
    return LabProcess.start(directory, name, LAB.formatted(name, pings));
  }

  private int run(int pings) throws Exception {
    try (LabProcess lab = start(pings)) {
      return lab.await(Duration.ofSeconds(60));
    }
  }

  private void killInTheMiddle() throws Exception {
    Set<String> namespaces;
    try (LabProcess lab = start(1000)) {
      lab.awaitTraffic();
      namespaces = new TreeSet<>();
      addNamespaces(Path.of("/proc/" + lab.pid() + "/fd"), namespaces);
      assertThat(namespaces).as("of wire, dom0, web and gw").hasSizeGreaterThanOrEqualTo(4);
      lab.kill();
    }
    assertThat(RunDirectory.base().resolve(name)).as("left by SIGKILL").isDirectory();
    assertThat(held()).doesNotContainAnyElementsOf(namespaces);
  }

  /** The network namespaces that some process holds open or is in. */
  private static Set<String> held() throws IOException {
    Set<String> found = new TreeSet<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process :
          processes.filter(path -> path.getFileName().toString().matches("\\d+")).toList()) {
        addNamespaces(process.resolve("fd"), found);
        addNamespaces(process.resolve("ns"), found);
      }
    }
    return found;
  }

  private static void addNamespaces(Path directory, Set<String> found) {
    try (Stream<Path> links = Files.list(directory)) {
      for (Path link : links.toList()) {
        String target = Files.readSymbolicLink(link).toString();
        if (target.startsWith("net:[")) {
          found.add(target);
        }
      }
    } catch (IOException e) {
      // The process, or one of its descriptors, has gone meanwhile.
    }
  }

  private static String links() throws Exception {
    return LabProcess.run(new ProcessBuilder("ip", "-brief", "link")).output();
  }
}
