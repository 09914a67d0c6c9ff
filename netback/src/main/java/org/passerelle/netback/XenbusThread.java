package org.passerelle.netback;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The one thread that all handshakes of this process run on. Watches and the data plane send it
 * commands; it may wait for the store and for the data plane, never the other way round.
 */
public final class XenbusThread implements AutoCloseable {
  private static final Logger LOG = System.getLogger(XenbusThread.class.getName());

  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("passerelle-xenbus").factory());

  /** Starts the thread. */
  public XenbusThread() {
    // What waits for a peer's patience to end need not be waited for.
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Has a command run soon. Once the thread is closed, commands are left undone. */
  void execute(Runnable command) {
    later(0, command);
  }

  /**
   * A command that sends {@code command} here unless it is in line already: whoever can fire a
   * watch at will, as a guest can with its own nodes, makes this line no longer (XSA-349). The
   * command reads what is so when it runs, so that one is as good as many.
   */
  Runnable onceInLine(Runnable command) {
    Consumer<String> each = onceInLine(key -> command.run());
    return () -> each.accept("");
  }

  /** As {@link #onceInLine(Runnable)}, once for each of the names that are sent. */
  Consumer<String> onceInLine(Consumer<String> command) {
    Set<String> inLine = ConcurrentHashMap.newKeySet();
    return name -> {
      if (inLine.add(name)) {
        // Out of the line before it looks: what changes from now on is looked at again.
        execute(
            () -> {
              inLine.remove(name);
              command.accept(name);
            });
      }
    };
  }

  /** Has a command run after so many milliseconds. */
  void later(long millis, Runnable command) {
    if (!executor.isShutdown()) {
      executor.schedule(() -> runSafely(command), millis, TimeUnit.MILLISECONDS);
    }
  }

  private static void runSafely(Runnable command) {
    try {
      command.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a handshake was left half-way", e);
    }
  }

  /** Runs a command and waits for its result. */
  <T> T call(Callable<T> command) {
    try {
      return executor.submit(command).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the xenbus thread", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** As {@link #call}, for what has no result. */
  void run(Runnable command) {
    call(
        () -> {
          command.run();
          return null;
        });
  }

  /** Ends the thread. Close the drivers first. */
  @Override
  public void close() {
    executor.close();
  }
}
