package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

/** The resident agent, started by its launcher, and vif-bridge's launcher, which hands it calls. */
@Needs({Capability.NET_ADMIN, Capability.VETH, Capability.BRIDGE, Capability.IPROUTE2})
class AgentTest {
  private static final List<String> ONLINE = ScriptCase.VIF_ONLINE.words();
  private static final List<String> OFFLINE = ScriptCase.VIF_OFFLINE.words();
  private static final String BACKEND = "/local/domain/0/backend/vif/7/0";
  private static final int VIFS = 50;

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();
  @TempDir private Path directory;
  private ScriptInstallation installation;
  private Dom0 dom0;
  private ResidentAgent agent;

  @BeforeEach
  void host() throws Exception {
    installation = ScriptInstallation.in(directory.resolve("installed"));
    dom0 = new Dom0(namespaces, installation, directory.resolve("host"));
    ScriptCase.VIF_ONLINE.prepare(dom0);
    agent = ResidentAgent.start(dom0, installation);
  }

  @AfterEach
  void end() {
    agent.close();
    dom0.close();
  }

  private Optional<String> status() {
    return dom0.store().readIfPresent(BACKEND + "/hotplug-status");
  }

  private void assertIsOnline() {
    assertThat(status()).contains("connected");
    assertThat(dom0.ip("-br", "link", "show", "master", "xenbr0")).contains(Configured.VIF_NAME);
  }

  @Test
  void launchersHandItTheirCalls() {
    dom0.run(ONLINE);
    assertIsOnline();
    dom0.run(OFFLINE);
    assertThat(dom0.ip("-br", "link", "show", "master", "xenbr0")).isEmpty();
    agent.assertRan("launcher", 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void eachLaneServes(int lane) {
    inLane(lane, ONLINE);
    assertIsOnline();
    agent.assertRan("launcher", 1);
  }

  /** Runs a script whose process has a number of that lane. */
  private void inLane(int lane, List<String> script) {
    String one = "[ $(($$ % 2)) = \"$0\" ] || exit 99; exec \"$@\"";
    String until = "code=99; while [ $code = 99 ]; do sh -c \"$@\"; code=$?; done; exit $code";
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", until, "sh", one, Integer.toString(lane)));
    command.addAll(words(script));
    assertThat(Patience.end(dom0.inEnvironment(command))).isZero();
  }

  @Test
  void whatFailsIsSaidByTheLauncher() {
    dom0.store().write(BACKEND + "/bridge", "nowhere");
    assertThat(Patience.end(dom0.script(ONLINE))).isEqualTo(1);
    assertThat(dom0.said()).contains("vif-bridge: ", "nowhere");
    assertThat(status()).contains("error");
    agent.assertRan("launcher", 1);
  }

  /** As libxl hands on what xl has of a vif's gatewaydev, and an administrator whatever he sets. */
  @Test
  void theCallersEnvironmentCounts() {
    dom0.store().remove(BACKEND + "/bridge");
    dom0.ip("link", "add", "another", "type", "bridge");
    dom0.setenv("bridge", "another");
    dom0.run(ONLINE);
    assertThat(dom0.ip("-br", "link", "show", "master", "another")).contains(Configured.VIF_NAME);
    agent.assertRan("launcher", 1);
  }

  @Test
  void soDoesWhoIsToTag() {
    dom0.store().write(BACKEND + "/vlan", "1p/100");
    dom0.setenv("switching", "hardware");
    assertThat(Patience.end(dom0.script(ONLINE))).isEqualTo(1);
    assertThat(dom0.said()).contains("switching=hardware is not known");
    agent.assertRan("launcher", 1);
  }

  /** The same name and number, before anybody looked: the agent is stopped meanwhile. */
  @Test
  void aVifMadeAnewIsNotTakenForTheOldOne() throws Exception {
    dom0.store().remove(BACKEND + "/vifname");
    dom0.store().write(BACKEND + "/state", "2");
    assertThat(Patience.until(Optional::isPresent, this::status)).contains("connected");
    agent.signal("STOP");
    dom0.store().remove("/local/domain/0/backend/vif/7");
    dom0.ip("link", "delete", "dev", "vif7.0");
    dom0.ip("link", "add", "vif7.0", "type", "veth", "peer", "name", "guest7");
    dom0.store().write(BACKEND + "/bridge", "xenbr0");
    dom0.store().write(BACKEND + "/state", "2");
    agent.signal("CONT");
    assertThat(Patience.until(Optional::isPresent, this::status)).contains("connected");
    assertThat(dom0.ip("-br", "link", "show", "master", "xenbr0")).contains("vif7.0");
  }

  @Test
  void hundredsAtOnce() throws Exception {
    List<Process> all = new ArrayList<>();
    for (int domain = 100; domain < 100 + VIFS; domain++) {
      dom0.ip("link", "add", "vif" + domain + ".0", "type", "veth", "peer", "name", "g" + domain);
      dom0.store().write("/local/domain/0/backend/vif/" + domain + "/0/bridge", "xenbr0");
    }
    for (int domain = 100; domain < 100 + VIFS; domain++) {
      dom0.setenv("XENBUS_PATH", "backend/vif/" + domain + "/0");
      dom0.setenv("vif", "vif" + domain + ".0");
      all.add(dom0.background(words(ONLINE), "said" + domain));
    }
    assertThat(all).allMatch(process -> Patience.end(process) == 0);
    assertThat(dom0.ip("-br", "link", "show", "master", "xenbr0").lines()).hasSize(VIFS);
    agent.assertRan("launcher", VIFS);
  }

  private List<String> words(List<String> script) {
    List<String> words = new ArrayList<>(script);
    words.set(0, installation.launcher(script.getFirst()));
    return words;
  }

  @Test
  void withoutItTheLauncherDoesItAll() throws Exception {
    agent.signal("KILL");
    agent.process().waitFor();
    assertThat(agent.pipe(0, "token")).exists();
    dom0.run(ONLINE);
    assertIsOnline();
  }

  /** Stopped, it lets a launcher wait; killed then, it lets it go. */
  @Test
  void killedInTheMiddleOfACall() throws Exception {
    agent.signal("STOP");
    Process call = dom0.script(ONLINE);
    assertThat(call.waitFor(1, TimeUnit.SECONDS)).isFalse();
    agent.signal("KILL");
    assertThat(Patience.end(call)).as(dom0.said()).isZero();
    assertIsOnline();
  }

  @Test
  void toldToStopItLeavesNoPipes() throws Exception {
    agent.signal("TERM");
    assertThat(Patience.end(agent.process())).isEqualTo(143);
    assertThat(agent.pipe(0, "token")).doesNotExist();
    assertThat(agent.pipe(1, "token")).doesNotExist();
    assertThat(agent.words()).contains("stopped");
    dom0.run(ONLINE);
    assertIsOnline();
    agent = ResidentAgent.start(dom0, installation);
    dom0.run(OFFLINE);
    agent.assertRan("launcher", 1);
  }

  /** It has the token, and is silent: after a while the next one has it. */
  @Test
  void aLauncherThatDiesWithTheTokenIsForgotten() throws Exception {
    String steal = "read -r a <%s; read -r b <%s; echo taken; exec sleep 60";
    Process thief =
        dom0.background(
            List.of(
                "sh", "-c", String.format(steal, agent.pipe(0, "token"), agent.pipe(1, "token"))),
            "thief");
    assertThat(Patience.until(taken -> taken, () -> dom0.text("thief").contains("taken"))).isTrue();
    dom0.run(ONLINE);
    assertIsOnline();
    thief.destroy();
    assertThat(agent.words()).contains("a call is given up");
    dom0.run(OFFLINE);
    agent.assertRan("launcher", 2);
  }

  @Test
  void whatIsNoRequestEndsNothing() throws Exception {
    for (String nonsense : List.of("call", "call x vif-bridge", "call 1 vif-bridge", "end", "")) {
      String steal = "read -r token <%s; printf '%s\\n\\n\\n' >%s";
      String command =
          String.format(steal, agent.pipe(0, "token"), nonsense, agent.pipe(0, "request"));
      assertThat(Patience.end(dom0.background(List.of("sh", "-c", command), "nonsense"))).isZero();
      Patience.until(
          given -> given,
          () -> agent.words().lines().filter(l -> l.contains("given up")).count() > 0);
    }
    inLane(0, ONLINE);
    assertIsOnline();
    agent.assertRan("launcher", 1);
  }

  /** A shell that says unshare first is in another network than the agent. */
  @Test
  void itActsInItsOwnNetworkOnly() {
    List<String> command = new ArrayList<>(List.of("unshare", "--net"));
    command.addAll(words(ONLINE));
    Process process = dom0.inEnvironment(command);
    assertThat(Patience.end(process)).isEqualTo(1);
    assertThat(dom0.said()).contains("vif7.0");
    assertThat(status()).contains("error");
    assertThat(dom0.ip("-br", "link", "show", "master", "xenbr0")).isEmpty();
  }

  @Test
  void whereTheToolstackRunsNoScriptsItDoes() {
    dom0.store().write(BACKEND + "/state", "2");
    assertThat(Patience.until(Optional::isPresent, this::status)).contains("connected");
    assertIsOnline();
    dom0.store().write(BACKEND + "/state", "6");
    agent.assertRan("xenstore", 2);
    assertThat(dom0.ip("-br", "link", "show", "master", "xenbr0")).isEmpty();
    agent.assertRan("launcher", 0);
  }

  @Test
  void aBackendMayBeGoneBeforeItIsClosed() {
    dom0.store().remove(BACKEND + "/vifname");
    dom0.store().write(BACKEND + "/state", "2");
    assertThat(Patience.until(Optional::isPresent, this::status)).contains("connected");
    dom0.store().remove("/local/domain/0/backend/vif/7");
    agent.assertRan("xenstore", 2);
    assertThat(dom0.ip("-br", "link", "show", "master", "xenbr0")).isEmpty();
    assertThat(dom0.store().readIfPresent(BACKEND)).isEmpty();
  }

  @Test
  void aLinkMayComeLater() {
    dom0.ip("link", "delete", "dev", "vif7.0");
    dom0.store().write(BACKEND + "/state", "2");
    Patience.pause();
    dom0.ip("link", "add", "vif7.0", "type", "veth", "peer", "name", "guest7");
    assertThat(Patience.until(Optional::isPresent, this::status)).contains("connected");
    assertIsOnline();
  }

  @Test
  void whereTheToolstackRunsScriptsItWaitsToBeAsked() {
    dom0.store().write("/local/domain/0/libxl/disable_udev", "1");
    dom0.store().write(BACKEND + "/state", "2");
    dom0.run(ONLINE);
    agent.assertRan("launcher", 1);
    agent.assertRan("xenstore", 0);
  }

  @Test
  void ofTwoOneServes() {
    Process other =
        dom0.background(List.of(installation.launcher("passerelle"), "agent"), "other.log");
    assertThat(Patience.end(other)).isEqualTo(4);
    assertThat(dom0.text("other.log")).contains("another one serves");
    dom0.run(ONLINE);
    agent.assertRan("launcher", 1);
  }

  @Test
  void itsMetricsAreOpenMetrics() {
    dom0.run(ONLINE);
    agent.assertRan("launcher", 1);
    assertThat(agent.metrics())
        .contains(
            "script=\"vif-bridge\",command=\"online\",asker=\"launcher\",result=\"ok\"} 1\n",
            "passerelle_agent_pipe_renewals_total 0\n")
        .endsWith("# EOF\n");
  }
}
