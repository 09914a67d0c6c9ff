package org.passerelle.scripts.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.passerelle.hypervisor.xenstore.client.StoreSocket;
import org.passerelle.link.os.FileTrouble;
import org.passerelle.link.os.ScriptLock;
import org.passerelle.scripts.RunFile;
import org.passerelle.scripts.ScriptCall;
import org.passerelle.scripts.StoreConnection;

/**
 * {@code passerelle agent}: serves until it is told to stop. What it leaves then, and what a killed
 * one leaves, no launcher waits for.
 */
final class Agent {
  private static final long LOOK_MS = 200;
  private static final int LOOKS_PER_TURN = 5;

  /** libxl gives a script 40 s. What hangs is given up early enough for a launcher to do it. */
  private static final long HANGING_NANOS = 20_000_000_000L;

  private static final int HOST_CANNOT = 4;

  private static final String USAGE =
      """
      usage: passerelle agent

      Serves the calls of the vif scripts' launchers until it is told to stop, and attaches and
      releases the vifs for which the toolstack runs no script. Needs root. PASSERELLE_RUN_DIR is
      where it is found, /run/passerelle if nothing else is said.\
      """;

  /** What scripts are told of our own environment. */
  private static final Set<String> PASSED_ON =
      Set.of(
          "PASSERELLE_RUN_DIR",
          "XEN_LOG_DIR",
          "XEN_SCRIPT_DIR",
          "XENSTORED_PATH",
          "XENSTORED_RUNDIR");

  private final Path runDirectory;
  private final Path directory;
  private final Map<String, String> environment;
  private final BooleanSupplier stop;

  private Agent(Map<String, String> environment, BooleanSupplier stop) {
    this.environment = new HashMap<>(environment);
    this.environment.keySet().retainAll(PASSED_ON);
    this.runDirectory = ScriptCall.runDirectory(environment);
    this.directory = RunFile.CALLS.in(runDirectory);
    this.stop = stop;
  }

  /** Serves until {@code stop}; returns the exit code. */
  static int run(List<String> arguments, Map<String, String> environment, BooleanSupplier stop) {
    if (arguments.equals(List.of("--help"))) {
      System.out.println(USAGE);
      return 0;
    }
    if (!arguments.isEmpty()) {
      System.err.println(USAGE.lines().findFirst().orElseThrow());
      return 2;
    }
    Agent agent = new Agent(environment, stop);
    try {
      return agent.run();
    } catch (IOException e) {
      log(FileTrouble.text("serve " + agent.directory, e));
      return HOST_CANNOT;
    }
  }

  private static void log(String line) {
    System.err.println("passerelle agent: " + line);
  }

  private int run() throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Optional<ScriptLock> only = ScriptLock.tryTake(runDirectory.resolve("agent" + RunFile.LOCK));
    if (only.isEmpty()) {
      log("another one serves " + directory);
      return HOST_CANNOT;
    }
    try (ScriptLock _ = only.get()) {
      if (!Rehearsal.in(directory.resolve("rehearsal"))) {
        log("the rehearsal failed; the first calls take longer");
      }
      return serve();
    }
  }

  private int serve() throws IOException {
    Path note = directory.resolve("agent");
    Files.writeString(note, ProcessHandle.current().pid() + "\n");
    Path socket = StoreSocket.path(environment);
    AgentMetrics metrics = new AgentMetrics();
    StoreConnection watching = new StoreConnection(socket);
    StoreConnection store = new StoreConnection(socket, watching);
    try (ScriptThread scripts = new ScriptThread(store, metrics, Agent::log);
        CallLanes calls =
            new CallLanes(
                directory,
                lane -> new CallServer(lane, socket, scripts, environment, metrics, Agent::log))) {
      ScriptCall recover = new ScriptCall("recover", "passerelle agent", List.of(), environment);
      scripts.execute(0, () -> recover.run(store, System.out, System.err, () -> false));
      VifWatch vifs = new VifWatch(watching, store, scripts, environment, Agent::log);
      calls.start();
      log("serves " + directory + " as process " + ProcessHandle.current().pid());
      return untilStopped(scripts, calls, vifs, metrics);
    } finally {
      Files.deleteIfExists(note);
    }
  }

  private int untilStopped(
      ScriptThread scripts, CallLanes calls, VifWatch vifs, AgentMetrics metrics)
      throws IOException {
    for (int turn = 0; !stop.getAsBoolean(); turn++) {
      if (turn % LOOKS_PER_TURN == 0) {
        scripts.execute(0, vifs::keep);
        metrics.write(runDirectory);
      }
      calls.look();
      requireAnEnd(scripts);
      pause();
    }
    log("stopped");
    return 0;
  }

  /** Launchers whose calls are cut short do the work themselves; the journal has what was begun. */
  private static void requireAnEnd(ScriptThread scripts) {
    if (scripts.busyNanos() > HANGING_NANOS) {
      log(
          "a script has not ended for "
              + HANGING_NANOS / 1_000_000_000L
              + " s: I end in its stead");
      Runtime.getRuntime().halt(HOST_CANNOT);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
