package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

/**
 * The terminal that a script was started from goes away in the middle, as it does when the plan
 * cuts the session: the plan is carried to its end.
 */
@Needs({
  Capability.NET_ADMIN,
  Capability.VETH,
  Capability.BRIDGE,
  Capability.IPROUTE2,
  Capability.NFT,
  Capability.STRACE
})
class HangUpTest {
  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir private Path directory;
  private ScriptInstallation installation;
  private ScriptCase script;
  private Dom0 dom0;
  private Interruption interruption;
  private HostState before;
  private HostState wanted;
  private int steps;

  @BeforeEach
  void install() {
    installation = ScriptInstallation.in(directory.resolve("installed"));
  }

  @AfterEach
  void end() {
    dom0.close();
  }

  private void host(ScriptCase what) {
    script = what;
    dom0 = new Dom0(namespaces, installation, directory.resolve("host"));
    script.prepare(dom0);
    interruption = new Interruption(dom0, script);
    before = HostState.of(dom0);
    steps = interruption.countSteps();
    wanted = HostState.of(dom0);
    assertThat(wanted).isNotEqualTo(before);
    comeBack();
  }

  private void comeBack() {
    script.comeBack(dom0);
    HostState now = Patience.until(before::equals, () -> HostState.of(dom0));
    assertThat(before.differencesFrom(now)).as(dom0.said()).isEmpty();
  }

  private void assertIsDone(String when) {
    assertThat(Patience.until(List::isEmpty, dom0::leftovers)).as(when + dom0.said()).isEmpty();
    HostState now = Patience.until(wanted::equals, () -> HostState.of(dom0));
    assertThat(wanted.differencesFrom(now)).as(when + dom0.said()).isEmpty();
    comeBack();
  }

  private void atStages(Supplier<Process> start, Consumer<ScriptProcess> what) {
    for (int step : Interruption.stages(steps)) {
      interruption.at(step, start, what);
      assertIsDone("step " + step + ": ");
    }
  }

  @ParameterizedTest
  @EnumSource
  void signals(ScriptCase what) {
    host(what);
    atStages(
        () -> dom0.script(script.words()),
        process -> {
          interruption.signal("HUP", process.launcher());
          interruption.signal("HUP", process.machine());
        });
  }

  /** script(1) is the terminal: with it the line is dead, and all that is written there fails. */
  @ParameterizedTest
  @EnumSource
  void aTerminalThatGoesAway(ScriptCase what) {
    host(what);
    atStages(
        () -> dom0.inEnvironment(List.of("script", "-qfec", talkative(), "/dev/null")),
        process -> interruption.signal("KILL", process.launcher()));
  }

  @ParameterizedTest
  @EnumSource
  void aPipeThatNobodyReads(ScriptCase what) {
    host(what);
    Patience.end(
        dom0.inEnvironment(List.of("sh", "-c", "{ sleep 1; " + talkative() + " 2>&1; } | true")));
    assertIsDone("");
  }

  /** In a manner that has something to say: a key that it does not know. */
  private String talkative() {
    List<String> words = script.words();
    return installation.launcher(words.getFirst())
        + " "
        + String.join(" ", words.subList(1, words.size()))
        + " key=";
  }
}
