package org.passerelle.lab.run;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.embedded.EmbeddedHypervisor;
import org.passerelle.lab.report.Crash;
import org.passerelle.lab.run.Places.Place;
import org.passerelle.lab.topology.Vif;

/**
 * A domU whose netfronts run in a process of their own, which enters at the domain's door and makes
 * its interfaces in the domU's namespace. It ends with the lab, by whatever the lab ends: its door
 * closes. One that ends before, or that the hypervisor shows out, has crashed.
 */
final class GuestProcess implements Frontends {
  /** How long one may take to end, that was asked to or has lost its hypervisor. */
  private static final long PATIENCE_SECONDS = 5;

  private final String name;
  private final Place place;
  private final Process process;
  private final GuestLog log;

  /** Why it is not inside its domain any more, as its door has it. */
  private final CompletableFuture<String> left;

  private final Consumer<Crash> whenCrashed;
  private final Thread reaper;
  private volatile Optional<Crash> crash = Optional.empty();
  private volatile boolean ending;

  private GuestProcess(
      String name,
      Place place,
      Process process,
      GuestLog log,
      CompletableFuture<String> left,
      Consumer<Crash> whenCrashed) {
    this.name = name;
    this.place = place;
    this.process = process;
    this.log = log;
    this.left = left;
    this.whenCrashed = whenCrashed;
    this.reaper =
        Thread.ofPlatform().daemon().name("passerelle-reaper-" + name).unstarted(this::reap);
  }

  /**
   * Opens the domain's door in {@code directory} and starts its process.
   *
   * @param listener is told each line that the process logs
   * @param whenCrashed is told of its end unless {@link #end} asked for it, on a thread of its own
   */
  static GuestProcess start(
      String name,
      DomainId id,
      EmbeddedHypervisor hypervisor,
      Path directory,
      Place place,
      Consumer<String> listener,
      Consumer<Crash> whenCrashed) {
    Path door = directory.resolve("door").resolve(name);
    CompletableFuture<String> left = new CompletableFuture<>();
    hypervisor.openDoor(id, door, left::complete);
    Process process = run(name, command(door, place));
    GuestLog log = new GuestLog(name, process.getErrorStream(), listener);
    return watch(name, place, process, log, left, whenCrashed);
  }

  /** Takes over a process that runs. */
  static GuestProcess watch(
      String name,
      Place place,
      Process process,
      GuestLog log,
      CompletableFuture<String> left,
      Consumer<Crash> whenCrashed) {
    GuestProcess made = new GuestProcess(name, place, process, log, left, whenCrashed);
    made.reaper.start();
    return made;
  }

  private static Process run(String name, List<String> command) {
    try {
      return new ProcessBuilder(command)
          .redirectInput(Redirect.from(new File("/dev/null")))
          .redirectOutput(Redirect.DISCARD)
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
        "-XX:+DisplayVMOutputToStderr",
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

  /** The reaper's thread. */
  private void reap() {
    try {
      CompletableFuture.anyOf(left, process.onExit()).join();
      awaitEnd();
      if (!ending) {
        Crash seen = new Crash(name, reason(), log.tail());
        crash = Optional.of(seen);
        whenCrashed.accept(seen);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a reaper", e);
    }
  }

  private String reason() {
    return left.getNow("its process has ended") + " (" + ExitStatus.of(process.exitValue()) + ")";
  }

  private void awaitEnd() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  /** That it has ended by itself, and how; empty while it runs. */
  Optional<Crash> crash() {
    return crash;
  }

  /** The process sees for itself what the toolstack writes. */
  @Override
  public void probe(Vif vif) {}

  @Override
  public void remove(Vif vif) throws InterruptedException {
    LinkWait.untilGone(place.kernel(), "eth" + vif.handle());
  }

  /**
   * Asks the process to end, and sees to it that it does; one that has crashed is buried then. One
   * that was on its way out by itself has crashed, however long it takes.
   */
  void end() throws InterruptedException {
    ending = process.isAlive() && !left.isDone();
    process.destroy();
    awaitEnd();
    reaper.join();
  }
}
