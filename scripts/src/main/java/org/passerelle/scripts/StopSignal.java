package org.passerelle.scripts;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * SIGINT and SIGTERM undo what is under way. The virtual machine answers them by running its
 * shutdown hooks; ours asks the script to stop and waits until it has undone its plan. SIGHUP is
 * ignored by the launcher already: a plan that cuts its own terminal's session goes to its end.
 */
public final class StopSignal {
  /** More than any undo takes; then the journal has the rest. */
  private static final long PATIENCE_SECONDS = 30;

  /** What the launchers look for in /proc before they pass a signal on: is_ready in hotplug.sh. */
  private static final String READY = "can-be-stopped";

  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean stopping;
  private Runnable toWake = () -> {};

  private StopSignal() {}

  /** For the thread that acts, whose name tells it. */
  public static StopSignal install() {
    StopSignal signal = new StopSignal();
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(signal::stop, "stop"));
    } catch (IllegalStateException e) {
      awaitEnd(); // The signal came first.
    }
    Thread.currentThread().setName(READY);
    return signal;
  }

  /** The virtual machine is ending, with the signal's exit code, and ends this thread too. */
  private static void awaitEnd() {
    while (true) {
      LockSupport.park();
    }
  }

  /**
   * For whoever sleeps: is run, by another thread, when the signal comes, or at once if it came.
   */
  public synchronized void wake(Runnable sleeper) {
    toWake = sleeper;
    if (stopping) {
      sleeper.run();
    }
  }

  private synchronized void ask() {
    stopping = true;
    toWake.run();
  }

  private void stop() {
    ask();
    try {
      if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("not all was undone in time; the next run undoes the rest");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public boolean isStopping() {
    return stopping;
  }

  /** The script is at its end, one way or the other. */
  public void finished() {
    finished.countDown();
  }

  /**
   * Ends the process. When a signal ends it already, this only waits for that: a second exit would
   * have no other code, and would complain that it cannot be logged any more. Else nothing is left
   * to be done, and the usual way out would take 3 ms.
   */
  public void exit(int code) {
    if (stopping) {
      awaitEnd();
    }
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(code);
  }
}
