package org.passerelle.outside;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.passerelle.link.testing.Extent;

/** A script stopped by SIGSTOP before one of its steps, and what is done to it there. */
final class Interruption {
  private final Dom0 dom0;
  private final ScriptCase script;

  Interruption(Dom0 dom0, ScriptCase script) {
    this.dom0 = dom0;
    this.script = script;
  }

  /** All steps, or some of them, evenly spread. */
  static List<Integer> stages(int steps) {
    int count = Math.min(steps, Extent.of(3, steps));
    return IntStream.range(0, count)
        .map(i -> i * (steps - 1) / Math.max(1, count - 1))
        .boxed()
        .toList();
  }

  /** The journal is written once for its head, then before each step. */
  private static String stopBefore(int step) {
    return "pwrite64:signal=SIGSTOP:when=" + (step + 2);
  }

  /** Lets it run undisturbed, and returns how many steps it took. */
  int countSteps() {
    ScriptProcess process = ScriptProcess.start(dom0, script);
    Path log = dom0.file("strace");
    Strace strace;
    try (process) {
      strace = Strace.attach(dom0, process.thread(), log, Optional.empty());
    }
    strace.await();
    int code = process.await();
    if (code != 0) {
      throw new AssertionError(script + " ended with " + code + ": " + dom0.said());
    }
    List<SystemCall> calls = SystemCall.read(log);
    return (int) calls.stream().filter(call -> call.name().equals("pwrite64")).count() - 1;
  }

  /** Starts it and lets it go as far as this step; does something to it there; lets it go on. */
  int at(int step, Supplier<Process> start, Consumer<ScriptProcess> what) {
    ScriptProcess process = ScriptProcess.start(dom0, script, start);
    ProcessHandle machine = process.machine();
    Strace strace;
    try (process) {
      strace =
          Strace.attach(dom0, process.thread(), dom0.file("strace"), Optional.of(stopBefore(step)));
    }
    if (!Patience.until(stopped -> stopped, () -> isStopped(machine))) {
      throw new AssertionError(script + " did not come to step " + step + ": " + dom0.said());
    }
    what.accept(process);
    if (machine.isAlive()) {
      signal("CONT", machine);
    }
    strace.await();
    return process.await();
  }

  private static boolean isStopped(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/status")).contains("State:\tT");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void signal(String name, ProcessHandle process) {
    dom0.command("kill", "-" + name, Long.toString(process.pid()));
  }
}
