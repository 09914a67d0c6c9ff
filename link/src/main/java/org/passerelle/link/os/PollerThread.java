package org.passerelle.link.os;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.function.IntSupplier;

/**
 * A thread that owns a {@link Poller} and whatever is watched by it; others send it commands and
 * wait for their results. It sleeps when nothing is to be done.
 */
public final class PollerThread implements AutoCloseable {
  private static final Logger LOG = System.getLogger(PollerThread.class.getName());

  private final String owner;
  private final IntSupplier timeout;
  private final Runnable work;
  private final Poller poller = new Poller();
  private final Thread thread;

  /** Guards itself, both flags, and the poller's life as others than the thread see it. */
  private final ArrayDeque<Command<?>> commands = new ArrayDeque<>();

  private boolean started;
  private volatile boolean stopping;

  /**
   * A thread that is to be started, and to be closed in any case. Throws KernelException when there
   * are no descriptors left for a poller.
   *
   * @param name of the thread
   * @param owner what it serves, for messages
   * @param timeout how many milliseconds to wait for descriptors; 0 not at all, -1 without end
   * @param work what is done each time after that; it catches what it throws
   */
  public PollerThread(String name, String owner, IntSupplier timeout, Runnable work) {
    this.owner = owner;
    this.timeout = timeout;
    this.work = work;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::main);
  }

  /** Once whatever its work needs is there. It is closed when this fails. */
  public void start() {
    synchronized (commands) {
      if (stopping) {
        throw closed();
      }
      if (started) {
        throw new IllegalStateException(owner + " has been started already");
      }
      try {
        thread.start();
        started = true;
      } finally {
        if (!started) {
          abandon();
        }
      }
    }
  }

  /** There is no thread that would close the poller. */
  private void abandon() {
    stopping = true;
    poller.close();
  }

  /** For watches on descriptors. On the thread only. */
  public Poller poller() {
    return poller;
  }

  /**
   * Runs a command on the thread and waits for its result, also when the caller is interrupted;
   * what it throws is passed on.
   */
  public <T> T call(Callable<T> command) {
    Command<T> posted = new Command<>(command, new CompletableFuture<>());
    if (Thread.currentThread() == thread) {
      posted.run();
    } else {
      post(posted);
    }
    return join(posted.result());
  }

  /** As {@link #call}, for what has no result. */
  public void run(Runnable command) {
    call(Executors.callable(command));
  }

  /** A command in line, and where its result is waited for. */
  private record Command<T>(Callable<T> work, CompletableFuture<T> result) {
    /** Errors too are the caller's: he would wait for ever otherwise. */
    void run() {
      try {
        result.complete(work.call());
      } catch (Throwable e) {
        result.completeExceptionally(e);
      }
    }
  }

  private static <T> T join(CompletableFuture<T> result) {
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private IllegalStateException closed() {
    return new IllegalStateException(owner + " is closed");
  }

  private void post(Command<?> command) {
    synchronized (commands) {
      if (stopping) {
        throw closed();
      }
      if (!started) {
        throw new IllegalStateException(owner + " has not been started");
      }
      commands.add(command);
      poller.post(this::runCommand);
    }
  }

  private void runCommand() {
    next().ifPresent(Command::run);
  }

  private Optional<Command<?>> next() {
    synchronized (commands) {
      return Optional.ofNullable(commands.poll());
    }
  }

  private void main() {
    try (poller) {
      serve();
    } catch (Throwable e) {
      LOG.log(Level.ERROR, owner + " has stopped", e);
    }
  }

  private void serve() {
    try {
      while (!stopping) {
        poll();
        work.run();
      }
    } finally {
      refuseCommands();
    }
  }

  private void poll() {
    try {
      poller.poll(timeout.getAsInt());
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "an event was not handled", e);
    }
  }

  /** However the thread ends: nobody waits for what it does not do any more. */
  private void refuseCommands() {
    synchronized (commands) {
      stopping = true;
      commands.forEach(command -> command.result().completeExceptionally(closed()));
      commands.clear();
    }
  }

  /**
   * Stops the thread, and waits for its end also when the caller is interrupted. The thread itself
   * may do so too, and goes on to its end.
   */
  @Override
  public void close() {
    synchronized (commands) {
      if (!stopping) {
        stop();
      }
    }
    if (Thread.currentThread() != thread) {
      join();
    }
  }

  private void stop() {
    if (started) {
      stopping = true;
      poller.wakeUp();
    } else {
      abandon();
    }
  }

  private void join() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
