package org.passerelle.scripts;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * SIGINT and SIGTERM undo what is under way. The virtual machine answers them by running its
 * shutdown hooks; ours asks the script to stop and waits until it has undone its plan. SIGHUP is
 * ignored by the launcher already: a plan that cuts its own terminal's session goes to its end.
 */
public final class StopSignal {
  /** More than any undo takes; then the journal has the rest. */
  private static final long PATIENCE_SECONDS = 30;

  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean stopping;
  private Runnable toWake = () -> {};

  private StopSignal() {}

  public static StopSignal install() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(new Thread(signal::stop, "stop"));
    return signal;
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
   * Ends the process. When a signal ends it already, this only waits for that; else nothing is left
   * to be done, and the usual way out would take 3 ms.
   */
  void exit(int code) {
    if (stopping) {
      System.exit(code);
    }
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(code);
  }
}
