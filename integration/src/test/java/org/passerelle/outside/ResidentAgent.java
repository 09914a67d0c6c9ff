package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The agent of a dom0, started by its launcher. */
final class ResidentAgent implements AutoCloseable {
  private final Dom0 dom0;
  private final Process process;

  private ResidentAgent(Dom0 dom0, Process process) {
    this.dom0 = dom0;
    this.process = process;
  }

  /** On return it has offered its tokens, and looked at XenStore. */
  static ResidentAgent start(Dom0 dom0, ScriptInstallation installation) {
    Process process =
        dom0.background(List.of(installation.launcher("passerelle"), "agent"), "agent.log");
    ResidentAgent agent = new ResidentAgent(dom0, process);
    assertThat(Patience.until(there -> there, () -> Files.exists(agent.pipe(0, "token"))))
        .as(agent.words())
        .isTrue();
    return agent;
  }

  Process process() {
    return process;
  }

  Path pipe(int lane, String name) {
    return dom0.runDirectory().resolve("calls").resolve(Integer.toString(lane)).resolve(name);
  }

  /** What it has said. */
  String words() {
    return dom0.text("agent.log");
  }

  String metrics() {
    return dom0.text("run/agent.prom");
  }

  /** How many scripts it ran for launchers or for XenStore, as its metrics say. */
  private long ran(String asker) {
    return metrics()
        .lines()
        .filter(line -> line.startsWith("passerelle_script_run_seconds_count"))
        .filter(line -> line.contains("asker=\"" + asker + "\""))
        .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  void assertRan(String asker, long count) {
    assertThat(Patience.until(seen -> seen == count, () -> ran(asker)))
        .as(words())
        .isEqualTo(count);
  }

  void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public void close() {
    process.destroy();
    Patience.end(process);
  }
}
