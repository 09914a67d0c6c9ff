package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

/**
 * What launcher, script and agent start, as strace sees it: the shell, the virtual machine, and
 * what the launchers ask of util-linux and coreutils. The network is configured by none of them.
 */
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.BRIDGE,
  Capability.IPROUTE2,
  Capability.STRACE
})
class ProgramsTest {
  private static final Pattern STARTED = Pattern.compile("execve(?:at)?\\([^\"]*\"([^\"]+)\".*= 0");
  private static final Set<String> ALLOWED =
      Set.of("sh", "java", "env", "setsid", "true", "flock", "mkdir", "readlink", "jspawnhelper");

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir private Path directory;

  private Dom0 dom0;
  private ScriptInstallation installation;

  @BeforeEach
  void host() {
    installation = ScriptInstallation.in(directory.resolve("installed"));
    dom0 = new Dom0(namespaces, installation, directory.resolve("host"));
  }

  @AfterEach
  void end() {
    dom0.close();
  }

  @ParameterizedTest
  @EnumSource
  void ofAScript(ScriptCase script) throws IOException {
    script.prepare(dom0);
    Process process = dom0.inEnvironment(traced(script.words()));
    assertThat(Patience.end(process)).as(dom0.said()).isZero();
    assertOnlyThese(script.words().getFirst());
  }

  /** Together with what it does for a vif, and on being told to stop. */
  @Test
  void ofTheAgent() throws IOException {
    ScriptCase.VIF_ONLINE.prepare(dom0);
    Process strace = dom0.background(traced(List.of("passerelle", "agent")), "agent.log");
    dom0.store().write("/local/domain/0/backend/vif/7/0/state", "2");
    Optional<String> status =
        Patience.until(
            Optional::isPresent,
            () -> dom0.store().readIfPresent("/local/domain/0/backend/vif/7/0/hotplug-status"));
    assertThat(status).contains("connected");
    strace.children().forEach(ProcessHandle::destroy);
    Patience.end(strace);
    assertOnlyThese("passerelle");
  }

  private List<String> traced(List<String> words) {
    List<String> command = new ArrayList<>(List.of("strace", "-f", "-qq", "-e"));
    command.addAll(List.of("trace=execve,execveat", "-o", dom0.file("programs").toString()));
    command.add(installation.launcher(words.getFirst()));
    command.addAll(words.subList(1, words.size()));
    return command;
  }

  private void assertOnlyThese(String launcher) throws IOException {
    Set<String> started =
        STARTED
            .matcher(Files.readString(dom0.file("programs")))
            .results()
            .map(ProgramsTest::program)
            .collect(Collectors.toSet());
    assertThat(started).contains(launcher, "java");
    started.remove(launcher);
    assertThat(started).isSubsetOf(ALLOWED);
  }

  private static String program(MatchResult started) {
    return Path.of(started.group(1)).getFileName().toString();
  }
}
