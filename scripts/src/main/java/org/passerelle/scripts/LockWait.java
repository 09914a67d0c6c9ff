package org.passerelle.scripts;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.passerelle.link.os.ScriptLock;

/**
 * The wait for a lock that another script has, until it is there or a signal comes. The signal does
 * not wake who waits in flock(2), since the virtual machine has other threads that take it: so it
 * is this thread that waits there, and the script's own looks whether it is to stop.
 */
final class LockWait extends Thread {
  private static final long BETWEEN_LOOKS_MS = 50;

  private final Path file;
  private ScriptLock lock;
  private RuntimeException failure;
  private boolean abandoned;

  private LockWait(Path file) {
    super("lock");
    this.file = file;
    setDaemon(true);
  }

  /**
   * Takes the lock.
   *
   * @param stop true ends the wait
   */
  static ScriptLock take(Path file, BooleanSupplier stop) {
    Optional<ScriptLock> free = ScriptLock.tryTake(file);
    return free.isPresent() ? free.get() : new LockWait(file).await(stop);
  }

  private ScriptLock await(BooleanSupplier stop) {
    start();
    try {
      while (!join(Duration.ofMillis(BETWEEN_LOOKS_MS))) {
        if (stop.getAsBoolean() && abandon()) {
          throw stopped();
        }
      }
    } catch (InterruptedException e) {
      if (!abandon()) {
        lock.leave();
      }
      Thread.currentThread().interrupt();
      throw stopped();
    }
    if (failure != null) {
      throw failure;
    }
    return lock;
  }

  private ScriptException stopped() {
    return new ScriptException("stopped while another script had " + file);
  }

  /** Gives it up; false when the lock came first. */
  private synchronized boolean abandon() {
    abandoned = lock == null;
    return abandoned;
  }

  @Override
  public void run() {
    try {
      keep(ScriptLock.take(file));
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /** One that nobody waits for any more is let go. */
  private synchronized void keep(ScriptLock taken) {
    if (abandoned) {
      taken.leave();
    } else {
      lock = taken;
    }
  }
}
