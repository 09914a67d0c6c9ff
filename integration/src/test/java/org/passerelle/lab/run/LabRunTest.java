package org.passerelle.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.lab.check.Outcome;
import org.passerelle.lab.load.LoadedLab;
import org.passerelle.lab.model.Lab;
import org.passerelle.lab.report.RunResult;
import org.passerelle.lab.topology.Topology;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.port.PcapWriter;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.testing.Needs;

/**
 * Whole labs, for real: frames from guest to wire through the ring, and nothing left afterwards.
 */
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.BRIDGE,
  Capability.VETH,
  Capability.LIBPCAP
})
@Timeout(180)
class LabRunTest {
  /** One domain behind the bridge; each test adds its checks. */
  private static final String SMALL =
      """
      lab: small
      network-script: network-bridge
      host:
        nics:
          eth0: {address: [192.0.2.10/24, "2001:db8::10/64"], gateway: 192.0.2.1}
      domains:
        web:
          vif: ["bridge=xenbr0, mac=00:16:3e:00:01:01"]
          eth0: {address: [192.0.2.11/24, "2001:db8::11/64"], gateway: 192.0.2.1}
      outside:
        gw: {mac: 52:54:00:00:00:01, address: [192.0.2.1/24, "2001:db8::1/64"]}
      checks:
      """;

  @TempDir private Path directory;
  private final List<String> steps = new ArrayList<>();
  private Set<String> linksBefore;

  private final Progress progress =
      new Progress() {
        @Override
        public void step(String what) {
          steps.add(what);
        }

        @Override
        public void note(String line) {
          steps.add(line);
        }
      };

  @BeforeEach
  void remember() {
    linksBefore = links();
  }

  /** Whatever a test does: no link, no run directory and no descriptor of a namespace is left. */
  @AfterEach
  void nothingIsLeft() throws Exception {
    assertThat(links()).isEqualTo(linksBefore);
    assertThat(directory.resolve("run")).isEmptyDirectory();
    assertThat(tapDescriptors()).isZero();
  }

  private static Set<String> links() {
    try (NetlinkKernel kernel = NetlinkKernel.open()) {
      return kernel.links().stream().map(Link::name).collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static long tapDescriptors() throws Exception {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(Files::isSymbolicLink)
          .filter(fd -> target(fd).equals("/dev/net/tun"))
          .count();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (java.io.IOException e) {
      return "";
    }
  }

  private RunResult run(Topology topology) throws Exception {
    return new LabRunner(
            topology,
            directory.resolve("run"),
            directory.resolve("captures"),
            GuestMode.thread,
            progress,
            outcome -> {})
        .run();
  }

  private RunResult runSmall(String checks) throws Exception {
    return runSmall(Lab.Switching.KERNEL, checks);
  }

  private RunResult runSmall(Lab.Switching switching, String checks) throws Exception {
    LoadedLab loaded = LoadedLab.parse(SMALL + checks.indent(2), "small.yaml");
    assertThat(loaded.problems()).isEmpty();
    return run(loaded.topology().orElseThrow().withSwitching(switching));
  }

  @Test
  void runsTheBridgeLab() throws Exception {
    Path captures = Files.createDirectory(directory.resolve("captures"));
    PcapWriter.create(captures.resolve("88-earlier.pcapng")).close();
    Files.writeString(captures.resolve("99-somebody-elses.pcapng"), "theirs");
    LoadedLab loaded = LoadedLab.load(Path.of("labs/bridge.yaml"));
    RunResult result = run(loaded.topology().orElseThrow());
    assertThat(result.outcomes()).hasSize(23).allMatch(Outcome::passed);
    assertThat(steps).contains("network-bridge start", "domain web");
    assertThat(captures)
        .isDirectoryContaining("glob:**/01-wire.pcapng")
        .isDirectoryContaining("glob:**/99-somebody-elses.pcapng")
        .isDirectoryNotContaining("glob:**/88-earlier.pcapng");
  }

  /** Whoever bridges: each check of each lab is called the same, and holds or does not, alike. */
  @ParameterizedTest
  @MethodSource("labs")
  @Needs({Capability.PACKET_SOCKET, Capability.INGRESS_DROP})
  void userSpaceBridgesAsTheKernelDoes(Path lab) throws Exception {
    Topology topology = LoadedLab.load(lab).topology().orElseThrow();
    RunResult kernel = run(topology.withSwitching(Lab.Switching.KERNEL));
    RunResult userspace = run(topology.withSwitching(Lab.Switching.USERSPACE));
    assertThat(kernel.switching()).isEqualTo(Lab.Switching.KERNEL);
    assertThat(userspace.switching()).isEqualTo(Lab.Switching.USERSPACE);
    assertThat(verdicts(userspace)).isEqualTo(verdicts(kernel)).isNotEmpty();
    assertThat(userspace.outcomes()).allMatch(Outcome::passed);
  }

  /** Those that the kernel can have here. */
  static List<Path> labs() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("labs"))) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(LabRunTest::isForThisKernel)
          .sorted()
          .toList();
    }
  }

  private static boolean isForThisKernel(Path lab) {
    Topology topology = LoadedLab.load(lab).topology().orElseThrow();
    return Requirements.missing(topology.withSwitching(Lab.Switching.KERNEL)).isEmpty()
        && Requirements.problems(topology.withSwitching(Lab.Switching.USERSPACE)).isEmpty();
  }

  /** Without the word the same checks fail, for the other name is heard. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Needs(Capability.NFTABLES)
  void guestsSendInTheirOwnNames(boolean antispoof) throws Exception {
    String text = Files.readString(Path.of("labs/antispoof.yaml"));
    String wanted =
        antispoof ? text : text.replace("network-bridge antispoof=yes", "network-bridge");
    RunResult result = run(LoadedLab.parse(wanted, "antispoof.yaml").topology().orElseThrow());
    assertThat(result.outcomes()).hasSize(11);
    assertThat(result.outcomes().stream().filter(one -> !one.passed()).map(Outcome::name))
        .hasSize(antispoof ? 0 : 5);
  }

  @Test
  @Needs({Capability.NFTABLES, Capability.DNSMASQ, Capability.DHCP_CLIENT})
  void guestsAskByDhcp() throws Exception {
    RunResult result = run(LoadedLab.load(Path.of("labs/nat-dhcp.yaml")).topology().orElseThrow());
    assertThat(result.outcomes()).hasSize(12).allMatch(Outcome::passed);
  }

  @Test
  @Needs({Capability.PACKET_SOCKET, Capability.INGRESS_DROP, Capability.TSHARK})
  void vlansMeetOnlyWhereARouterIs() throws Exception {
    Topology topology = LoadedLab.load(Path.of("labs/three-vlans.yaml")).topology().orElseThrow();
    RunResult result = run(topology.withSwitching(Lab.Switching.USERSPACE));
    assertThat(result.outcomes()).hasSize(38).allMatch(Outcome::passed);
    assertThat(tags("01-wire")).containsExactly("100");
    assertThat(tags("02-wire")).containsExactly("200");
    assertThat(tags("03-web-eth0")).containsExactly("");
    assertThat(tags("04-trunkvm-eth0")).containsExactly("100");
    assertThat(tags("05-fw-eth1")).containsExactly("");
  }

  /**
   * The VLANs that tshark reads in a capture's echo packets; empty text for those without a tag.
   */
  private Set<String> tags(String capture) throws Exception {
    Path file = directory.resolve("captures").resolve(capture + ".pcapng");
    Process process =
        new ProcessBuilder(
                "tshark",
                "-n",
                "-r",
                file.toString(),
                "-Y",
                "icmp",
                "-T",
                "fields",
                "-e",
                "vlan.id")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Set<String> tags = process.inputReader().lines().collect(Collectors.toCollection(TreeSet::new));
    assertThat(process.waitFor()).as("tshark's exit code for " + file).isZero();
    return tags;
  }

  private static List<String> verdicts(RunResult result) {
    return result.outcomes().stream()
        .map(outcome -> outcome.name() + ": " + outcome.passed() + ", " + outcome.expected())
        .toList();
  }

  @Test
  void saysWhatFailed() throws Exception {
    RunResult result =
        runSmall(
            """
            - ping: web -> 192.0.2.77
            - blocked: web -> gw
            - capture: {at: wire, during: {ping: web -> gw}, filter: icmp, expect: {vlan: 100}}
            - tcp: {from: gw, to: web}
            """);
    assertThat(result.outcomes())
        .extracting(Outcome::passed)
        .containsExactly(false, false, false, true);
    Outcome ping = result.outcomes().getFirst();
    assertThat(ping.expected()).isEqualTo("2 replies from 192.0.2.77");
    assertThat(ping.seen()).startsWith("0 of 2 replies");
    Outcome blocked = result.outcomes().get(1);
    assertThat(blocked.seen()).startsWith("2 of 2 replies");
    Outcome capture = result.outcomes().get(2);
    assertThat(capture.seen()).isEqualTo("4 of 4 frames with vlan none");
    assertThat(capture.details()).anyMatch(line -> line.contains("192.0.2.11 > 192.0.2.1"));
    assertThat(capture.captures()).allSatisfy(file -> assertThat(file).isNotEmptyFile());
  }

  @ParameterizedTest
  @EnumSource(names = {"KERNEL", "USERSPACE"})
  void detachesAndAttaches(Lab.Switching switching) throws Exception {
    RunResult result =
        runSmall(
            switching,
            """
            - ping: gw -> web
            - do: detach web/vif0
            - capture: {at: dom0/xenbr0, during: {ping: dom0 -> gw}, filter: icmp, expect: {frames: 4}}
            - do: attach web/vif0
            - ping: {from: gw, to: web, family: 6}
            - do: restart-backend web/vif0
            - ping: gw -> web
            """);
    assertThat(result.outcomes()).allMatch(Outcome::passed);
  }

  @Test
  void takesDownWhatItBuiltWhenAScriptFails() {
    LoadedLab loaded =
        LoadedLab.parse(SMALL.replace("network-bridge", "network-bridge pairs=9999"), "f");
    assertThatThrownBy(() -> run(loaded.topology().orElseThrow()))
        .isInstanceOf(LabException.class)
        .hasMessageStartingWith("network-bridge start exited with error status 1: ")
        .hasMessageContaining("pairs=9999");
  }

  @ParameterizedTest
  @EnumSource(names = {"KERNEL", "USERSPACE"})
  void takesEverythingDownWhenInterrupted(Lab.Switching switching) throws Exception {
    LoadedLab loaded = LoadedLab.parse(SMALL + "  - ping: {from: web, to: gw, count: 1000}\n", "f");
    List<Throwable> thrown = new ArrayList<>();
    Thread runner =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    run(loaded.topology().orElseThrow().withSwitching(switching));
                  } catch (Exception e) {
                    thrown.add(e);
                  }
                });
    Path socket = directory.resolve("run/small/xenstored/socket");
    while (!Files.exists(socket)) {
      Thread.sleep(20);
    }
    Thread.sleep(700);
    runner.interrupt();
    runner.join();
    assertThat(thrown).singleElement().isInstanceOf(InterruptedException.class);
  }
}
