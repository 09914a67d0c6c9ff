package org.passerelle.outside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.passerelle.link.os.ScriptLock;

/**
 * A script that was started by its launcher and waits for the lock that it takes before it makes
 * its plan, which we hold: the moment to look for its acting thread. Closing lets it go on.
 */
final class ScriptProcess implements AutoCloseable {
  private final Process launcher;
  private final ScriptLock lock;
  private final long thread;
  private final ProcessHandle machine;

  private ScriptProcess(Process launcher, ScriptLock lock, long thread) {
    this.launcher = launcher;
    this.lock = lock;
    this.thread = thread;
    this.machine = processOf(thread, launcher);
  }

  static ScriptProcess start(Dom0 dom0, ScriptCase script) {
    return start(dom0, script, () -> dom0.script(script.words()));
  }

  /**
   * @param start starts the launcher, in a manner of its own
   */
  static ScriptProcess start(Dom0 dom0, ScriptCase script, Supplier<Process> start) {
    ScriptLock lock = ScriptLock.take(dom0.runDirectory().resolve(script.lock()));
    Process launcher = start.get();
    Optional<Long> thread =
        Patience.until(Optional::isPresent, () -> waitingThread(launcher.toHandle()));
    return new ScriptProcess(
        launcher,
        lock,
        thread.orElseThrow(() -> new AssertionError("does not wait: " + dom0.said())));
  }

  private static Optional<Long> waitingThread(ProcessHandle launcher) {
    return Stream.concat(Stream.of(launcher), launcher.descendants())
        .map(process -> tasks(process.pid()))
        .filter(tasks -> tasks.stream().anyMatch(ScriptProcess::waitsForLock))
        .flatMap(List::stream)
        .filter(ScriptProcess::acts)
        .map(task -> Long.valueOf(task.getFileName().toString()))
        .findFirst();
  }

  private static List<Path> tasks(long pid) {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return tasks.toList();
    } catch (IOException e) {
      return List.of(); // It has ended.
    }
  }

  private static boolean waitsForLock(Path task) {
    return text(task.resolve("wchan")).contains("lock_inode_wait");
  }

  /** By the name that the launchers know it by: for the lock another thread waits. */
  private static boolean acts(Path task) {
    return text(task.resolve("comm")).equals("can-be-stopped\n");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return ""; // It has ended.
    }
  }

  /** The thread that acts: it writes the journal, speaks to kernel and store. */
  long thread() {
    return thread;
  }

  ProcessHandle launcher() {
    return launcher.toHandle();
  }

  /** The virtual machine's process: the launcher's child, or the launcher itself. */
  ProcessHandle machine() {
    return machine;
  }

  private static ProcessHandle processOf(long thread, Process launcher) {
    return Stream.concat(launcher.descendants(), Stream.of(launcher.toHandle()))
        .filter(process -> Files.exists(Path.of("/proc/" + process.pid() + "/task/" + thread)))
        .findFirst()
        .orElseThrow();
  }

  /** Lets the script have the lock. */
  @Override
  public void close() {
    lock.close();
  }

  int await() {
    return Patience.end(launcher);
  }
}
