package org.passerelle.scripts.agent;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.scripts.ScriptCall;

/** The thread that runs the scripts, and all else that asks kernel and store, one at a time. */
final class ScriptThread implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;

  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("scripts").factory());
  private final Supplier<XenStore> store;
  private final AgentMetrics metrics;
  private final Consumer<String> log;

  /**
   * When what is running, or what asks XenStore, began, as {@link System#nanoTime}; 0 when nothing
   * is.
   */
  private volatile long since;

  ScriptThread(Supplier<XenStore> store, AgentMetrics metrics, Consumer<String> log) {
    this.store = store;
    this.metrics = metrics;
    this.log = log;
  }

  /** How a script ended, and what it printed. */
  record Outcome(int code, String said) {}

  /** Runs a script in its turn, and waits for it. */
  Outcome call(ScriptCall call, AgentMetrics.Asker asker) throws InterruptedException {
    try {
      return executor.submit(() -> run(call, asker)).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(call.name() + ": " + e.getCause(), e);
    }
  }

  /** Runs a script; for tasks of this thread. */
  Outcome run(ScriptCall call, AgentMetrics.Asker asker) {
    long begin = System.nanoTime();
    since = begin;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int code = 1;
    try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      code = call.run(store, out, out, () -> false);
    } finally {
      since = 0;
      metrics.ran(call, asker, code, System.nanoTime() - begin);
    }
    return new Outcome(code, said.toString(StandardCharsets.UTF_8));
  }

  /** In its turn, or some milliseconds later; what it throws is logged. */
  void execute(long milliseconds, Runnable task) {
    executor.schedule(() -> guarded(task), milliseconds, TimeUnit.MILLISECONDS);
  }

  private void guarded(Runnable task) {
    since = System.nanoTime();
    try {
      task.run();
    } catch (RuntimeException e) {
      log.accept(String.valueOf(e.getMessage()));
    } finally {
      since = 0;
    }
  }

  /** How long what is running has been. */
  long busyNanos() {
    long begin = since;
    return begin == 0 ? 0 : System.nanoTime() - begin;
  }

  /** Lets the running script end; what has not begun is not done. */
  @Override
  public void close() {
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.shutdown();
    try {
      executor.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
