package org.passerelle.doctor.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.doctor.facts.XenFacts.State;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.ScriptLock;
import org.passerelle.natroute.dhcp.DhcpKernel;
import org.passerelle.scripts.RunFile;
import org.passerelle.scripts.TrunkFiles;

/** What is read of files that lie below a directory of the test's. */
class ReadersTest {
  private static final String BOOT = "proc/sys/kernel/random/boot_id";

  @TempDir private Path root;

  private Path file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private XenFacts xen() {
    return new XenReader(new HostFiles(root), Map.of(), root.resolve("opt")).read();
  }

  private OwnFacts own() {
    return own(HostFiles.REAL);
  }

  private OwnFacts own(HostFiles files) {
    return new OwnReader(files, root.resolve("run"), root.resolve("opt"))
        .read(List.of("eth0", "eth1"));
  }

  @Test
  void aHostWithoutXenHasNothingOfIt() {
    XenFacts xen = xen();
    assertThat(xen.hypervisor()).isEmpty();
    assertThat(xen.dom0()).isFalse();
    assertThat(xen.storeFailure()).isEmpty();
    assertThat(xen.scripts()).hasSize(8).allMatch(script -> script.state() == State.ABSENT);
    assertThat(xen.runsScripts()).isTrue();
  }

  @Test
  void dom0SaysThatItControls() throws IOException {
    file("sys/hypervisor/type", "xen\n");
    file("dev/xen/gntdev", "");
    assertThat(xen().dom0()).isFalse();
    file("proc/xen/capabilities", "control_d\n");
    XenFacts xen = xen();
    assertThat(xen.dom0()).isTrue();
    assertThat(xen.missingDevices()).containsExactly("evtchn", "xenbus", "privcmd");
    assertThat(xen.storeFailure()).isPresent();
  }

  /** A copy does not find the rest of ours, which lies beside the original. */
  @Test
  void whoseAScriptIsIsSeen() throws IOException {
    Path ours = file("opt/scripts/bin/vif-bridge", "ours");
    file("opt/scripts/bin/vif-nat", "ours");
    file("opt/scripts/bin/vif-route", "ours");
    file("etc/xen/scripts/vif-nat", "ours");
    file("etc/xen/scripts/vif-route", "Debian's");
    Files.createSymbolicLink(root.resolve("etc/xen/scripts/vif-bridge"), ours);
    XenFacts xen = xen();
    assertThat(xen.state("vif-bridge")).isEqualTo(State.OURS);
    assertThat(xen.state("vif-nat")).isEqualTo(State.COPY);
    assertThat(xen.state("vif-route")).isEqualTo(State.OTHERS);
    assertThat(xen.state("network-nat")).isEqualTo(State.ABSENT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vif.default.script=\"vif-nat\" | vif-nat",
        "  vif.default.script = '/opt/vif-nat'   # ours | /opt/vif-nat",
        "#vif.default.script=\"vif-nat\" | ''",
        "vif.default.bridge=\"xenbr1\" | ''",
        "vif.default.script=\"\" | ''"
      })
  void xlSaysWhichScriptVifsGet(String line, String script) throws IOException {
    file("etc/xen/xl.conf", line + "\nrun_hotplug_scripts=0\n");
    assertThat(xen().vifScript().orElse("")).isEqualTo(script);
    assertThat(xen().runsScripts()).isFalse();
  }

  private Path journal(String boot, long namespace) throws IOException {
    return file(
        "run/journal/one.journal",
        "passerelle-journal version=1 boot="
            + boot
            + " namespace="
            + namespace
            + " owner=vif-nat%20online\n");
  }

  @Test
  void aJournalIsOfThisNetworkOrAnother() throws IOException {
    String boot = Files.readString(Path.of("/" + BOOT)).strip();
    Path file = journal(boot, Namespace.currentCookie());
    assertThat(own().journals())
        .containsExactly(new OwnFacts.Left(file.toString(), "vif-nat online", false, true));
    journal(boot, Namespace.currentCookie() + 1);
    assertThat(own().journals()).noneMatch(OwnFacts.Left::here);
    journal("another", Namespace.currentCookie());
    assertThat(own().journals()).noneMatch(OwnFacts.Left::here);
    Files.writeString(file, "nonsense\n");
    assertThat(own().journals())
        .containsExactly(new OwnFacts.Left(file.toString(), "", false, false));
  }

  @Test
  void aJournalsOwnerLivesAsLongAsItsLock() throws IOException {
    Path file = journal("x", 1);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.lock();
      assertThat(own().journals()).allMatch(OwnFacts.Left::running).hasSize(1);
    }
    assertThat(own().journals()).noneMatch(OwnFacts.Left::running).hasSize(1);
  }

  /** Each file system has numbers of its own for its files. */
  @Test
  void aLockIsOnTheFilesOwnDevice() throws IOException {
    Path file = journal("x", 1);
    file("proc/self/mountinfo", "27 1 254:16 / / rw,relatime - ext4 /dev/vdb rw\n");
    String held =
        "1: FLOCK  ADVISORY  WRITE 77 %s:" + Files.getAttribute(file, "unix:ino") + " 0 EOF\n";
    file("proc/locks", held.formatted("00:1a"));
    assertThat(own(new HostFiles(root)).journals()).noneMatch(OwnFacts.Left::running).hasSize(1);
    file("proc/locks", held.formatted("fe:10"));
    assertThat(own(new HostFiles(root)).journals()).allMatch(OwnFacts.Left::running).hasSize(1);
  }

  /** The nearest one, wherever it is in the list, and there the last, which hides the others. */
  @ParameterizedTest
  @CsvSource({"/run/passerelle/x, 0:24, rw", "/runs, 254:0, rw", "/proc/sys/net, 0:22, ro"})
  void aPathLiesOnTheNearestMount(Path path, String device, String option) throws IOException {
    file(
        "proc/self/mountinfo",
        """
        22 27 0:21 / /proc rw,relatime - proc proc rw
        43 22 0:22 /sys /proc/sys ro,relatime - proc proc rw
        25 27 0:23 / /run rw,relatime - tmpfs tmpfs rw,mode=755
        26 25 0:24 / /run rw,relatime shared:1 - tmpfs tmpfs rw,mode=755
        27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
        """);
    Mount mount = Mount.of(new HostFiles(root), path).orElseThrow();
    assertThat(mount.device()).isEqualTo(device);
    assertThat(mount.options()).contains(option);
  }

  @Test
  void aTrunkProcessIsThereAsLongAsItsLock() throws IOException {
    TrunkFiles files = TrunkFiles.of(root.resolve("run"), "eth0");
    files.make();
    try (ScriptLock _ = ScriptLock.take(files.lock())) {
      assertThat(own().trunks()).containsExactly("eth0");
    }
    assertThat(own().trunks()).isEmpty();
  }

  @Test
  void whatOursMakeIsNoStray() throws IOException {
    for (RunFile one : RunFile.values()) {
      Files.createDirectories(one.in(root.resolve("run")));
    }
    assertThat(own().strays()).isEmpty();
  }

  /** Beside {@link RunFile} nobody names a file there, but for locks. */
  @Test
  void whatOursMakeIsOnItsList() throws IOException {
    Pattern place =
        Pattern.compile(
            "unDirectory(?:\\(\\))?\\s*\\.resolve\\(((?:[^()]|\\(\\))*)\\)|"
                + "PASSERELLE_RUN_DIR:-/run/passerelle\\}/([a-z.-]+)");
    List<String> named = new ArrayList<>();
    for (Path source : sources()) {
      Matcher matcher = place.matcher(Files.readString(source));
      while (matcher.find()) {
        String name = matcher.group(1) == null ? '"' + matcher.group(2) + '"' : matcher.group(1);
        named.add(name.equals("DIRECTORY") ? '"' + DhcpKernel.DIRECTORY + '"' : name);
      }
    }
    assertThat(named).hasSizeGreaterThan(5).contains("\"vif-slots\"", "words");
    assertThat(named)
        .filteredOn(name -> !name.equals("words") && !name.endsWith("RunFile.LOCK"))
        .allMatch(name -> RunFile.isKnown(name.replace("\"", "")), "is on the list");
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String top : List.of("../scripts/src/main", "../scripts/lib", "../nat-route/src/main")) {
      try (Stream<Path> files = Files.walk(Path.of(top))) {
        files.filter(Files::isRegularFile).forEach(sources::add);
      }
    }
    return sources;
  }

  @Test
  void marksAreRead() throws IOException {
    file("run/guards/web0", "vif7.0");
    file("run/antispoof/network-nat eth0", "");
    file("run/services/network-nat eth0", "tcp:22");
    file("run/limited/vif7.0", "");
    file("run/forwards/vif7.0", "forwards4 tcp 80");
    file("run/leases/vif7.0", "");
    file("run/lab/office/lock", "");
    file("run/forwarding.lock", "");
    file("run/what", "");
    OwnFacts own = own();
    assertThat(own.guards()).isEqualTo(Map.of("web0", "vif7.0"));
    assertThat(own.hostGuards()).containsExactly("network-nat eth0");
    assertThat(own.services()).isEqualTo(Map.of("network-nat eth0", "tcp:22"));
    assertThat(own.limited()).containsExactly("vif7.0");
    assertThat(own.forwards()).isEqualTo(Map.of("vif7.0", "forwards4 tcp 80"));
    assertThat(own.leases()).isTrue();
    assertThat(own.labs()).containsExactly(root.resolve("run/lab/office").toString());
    assertThat(own.strays()).containsExactly(root.resolve("run/what").toString());
  }

  @Test
  void theAgentIsAsItsNoteSays() throws IOException {
    assertThat(own().agent()).isEmpty();
    Path note = file("run/calls/agent", "77\n");
    HostFiles files = new HostFiles(root);
    assertThat(own(files).agent())
        .isEqualTo(Optional.of(new OwnFacts.Agent(77, false, false, false)));
    file("proc/77/comm", "java");
    file("run/calls/0/token", "");
    Path built = file("opt/scripts/target/lib/built", "");
    Files.setLastModifiedTime(built, FileTime.fromMillis(1_000_000));
    assertThat(own(files).agent())
        .isEqualTo(Optional.of(new OwnFacts.Agent(77, true, true, false)));
    Files.setLastModifiedTime(note, FileTime.fromMillis(999_000));
    assertThat(own(files).agent()).isEqualTo(Optional.of(new OwnFacts.Agent(77, true, true, true)));
  }

  @Test
  void archivesAreMissedWhereThereIsABuild() throws IOException {
    assertThat(own().unarchived()).isEmpty();
    file("opt/scripts/target/lib/built", "");
    file("opt/scripts/target/lib/vif-nat.archived", "");
    assertThat(own().unarchived()).containsExactly("vif-bridge", "vif-route", "network", "agent");
  }
}
