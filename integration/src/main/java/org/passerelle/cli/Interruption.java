package org.passerelle.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * SIGINT, SIGTERM and SIGHUP while a lab runs: its thread is interrupted and takes it down; then
 * the process ends with its exit code.
 */
final class Interruption implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicInteger code = new AtomicInteger(ExitCode.INTERRUPTED);
  private final Thread hook;

  /** From here on a signal interrupts the calling thread. */
  Interruption() {
    Thread worker = Thread.currentThread();
    hook = Thread.ofPlatform().name("interruption").unstarted(() -> interrupt(worker));
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void interrupt(Thread worker) {
    worker.interrupt();
    boolean inTime = false;
    try {
      inTime = ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      // nobody interrupts a shutdown hook; if so, we end at once
    }
    Runtime.getRuntime().halt(inTime ? code.get() : ExitCode.LEFT_BEHIND);
  }

  /** Everything is down. A tear-down that failed outranks the interruption. */
  void ended(int exitCode) {
    code.set(exitCode == ExitCode.LEFT_BEHIND ? exitCode : ExitCode.INTERRUPTED);
    ended.countDown();
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The hook runs already, and ends the process.
    }
  }
}
