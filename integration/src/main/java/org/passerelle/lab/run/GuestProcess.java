package org.passerelle.lab.run;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.embedded.EmbeddedHypervisor;
import org.passerelle.lab.run.Places.Place;
import org.passerelle.lab.topology.Vif;

/**
 * A domU whose netfronts run in a process of their own, which enters at the domain's door and makes
 * its interfaces in the domU's namespace. It ends with the lab, by whatever the lab ends: its door
 * closes.
 */
final class GuestProcess implements Frontends {
  private static final Logger LOG = System.getLogger(GuestProcess.class.getName());

  /** How long one that was asked to end may take. */
  private static final long PATIENCE_SECONDS = 5;

  private final String name;
  private final Place place;
  private Process process;
  private volatile boolean crashed;
  private volatile boolean ending;

  private GuestProcess(String name, Place place) {
    this.name = name;
    this.place = place;
  }

  /** Opens the domain's door in {@code directory} and starts its process. */
  static GuestProcess start(
      String name, DomainId id, EmbeddedHypervisor hypervisor, Path directory, Place place) {
    Path door = directory.resolve("door").resolve(name);
    GuestProcess made = new GuestProcess(name, place);
    hypervisor.openDoor(id, door, made::left);
    made.process = run(name, command(door, place));
    return made;
  }

  private static Process run(String name, List<String> command) {
    try {
      return new ProcessBuilder(command)
          .redirectInput(Redirect.from(new File("/dev/null")))
          .redirectOutput(Redirect.DISCARD)
          .redirectError(Redirect.INHERIT)
          .start();
    } catch (IOException e) {
      throw new IllegalStateException("start the guest of domain " + name + ": " + e, e);
    }
  }

  /**
   * The same virtual machine and class path as ours, deaf to Ctrl-C and to the terminal's end: they
   * are for the lab, which takes the guest down in good order. Not in a session of its own, which
   * would be deaf too: the kernel shares the CPU out among sessions first (autogroups in sched(7)),
   * and lab and guest work on the same frames.
   */
  private static List<String> command(Path door, Place place) {
    ProcessHandle self = ProcessHandle.current();
    return List.of(
        "sh",
        "-c",
        "trap '' INT HUP; exec \"$@\"",
        "guest",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:-UsePerfData",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        System.getProperty("java.class.path"),
        "org.passerelle.cli.Main",
        "guest",
        door.toString(),
        "--once",
        "--namespace",
        "/proc/" + self.pid() + "/fd/" + place.namespace().descriptor());
  }

  /** On the door's thread. */
  private void left(String reason) {
    if (!ending) {
      crashed = true;
      LOG.log(
          Level.WARNING,
          "domain {0} has crashed: {1}{2}; its vifs are dead until the lab ends",
          name,
          reason,
          exit());
    }
  }

  /** How the process ended, where it is so far. */
  private String exit() {
    try {
      boolean over = process.waitFor(1, TimeUnit.SECONDS);
      return over ? " (exit code " + process.exitValue() + ")" : "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  /** Whether its process has gone by itself. */
  boolean hasCrashed() {
    return crashed;
  }

  /** The process sees for itself what the toolstack writes. */
  @Override
  public void probe(Vif vif) {}

  @Override
  public void remove(Vif vif) throws InterruptedException {
    LinkWait.untilGone(place.kernel(), "eth" + vif.handle());
  }

  /** Asks the process to end, and sees to it that it does. */
  void end() throws InterruptedException {
    ending = true;
    process.destroy();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
