package org.passerelle.lab.switching;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.passerelle.link.os.Poller;

/**
 * The one thread that moves the frames of all bridges in user space. Others send it commands. It
 * sleeps when nothing is to be done.
 */
public final class SwitchThread implements AutoCloseable {
  private static final Logger LOG = System.getLogger(SwitchThread.class.getName());

  private final Poller poller = new Poller();
  private final List<UserBridge> bridges = new ArrayList<>();

  /** Closes what the thread itself must not wait for: to close a packet socket takes its time. */
  private final ExecutorService closer =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("passerelle-switch-closer").factory());

  private final Thread thread;

  /** Guarded by this: what was posted before it is set will still be run. */
  private boolean stopping;

  /** Starts the thread. Throws KernelException when there are no descriptors left for a poller. */
  public SwitchThread() {
    thread = Thread.ofPlatform().daemon().name("passerelle-switch").start(this::serve);
  }

  /** For watches on descriptors. On the thread only. */
  Poller poller() {
    return poller;
  }

  /** Serves a bridge from now on. On the thread only. */
  void add(UserBridge bridge) {
    bridges.add(bridge);
  }

  /** On the thread only. */
  void remove(UserBridge bridge) {
    bridges.remove(bridge);
  }

  /** Has something closed soon, by another thread. */
  void closeLater(List<? extends AutoCloseable> resources) {
    resources.forEach(each -> closer.execute(() -> close(each)));
  }

  private static void close(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      LOG.log(Level.WARNING, "closing " + resource + ": " + e.getMessage());
    }
  }

  /**
   * Runs a command on the thread and waits for its result, also when the caller is interrupted;
   * what it throws is passed on.
   */
  <T> T call(Callable<T> command) {
    CompletableFuture<T> result = new CompletableFuture<>();
    post(
        () -> {
          try {
            result.complete(command.call());
          } catch (Throwable e) {
            result.completeExceptionally(e); // the caller's: he would wait for ever otherwise
          }
        });
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** As {@link #call}, for what has no result. */
  void run(Runnable command) {
    call(Executors.callable(command));
  }

  private synchronized void post(Runnable task) {
    if (stopping) {
      throw new IllegalStateException("the switch is closed");
    }
    poller.post(task);
  }

  private void serve() {
    int moved = 0;
    while (!isStopping()) {
      poll(moved > 0 ? 0 : -1);
      moved = carry();
    }
    poll(0);
  }

  private synchronized boolean isStopping() {
    return stopping;
  }

  private void poll(int timeoutMillis) {
    try {
      poller.poll(timeoutMillis);
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "an event was not handled", e);
    }
  }

  private int carry() {
    int moved = 0;
    for (int i = 0; i < bridges.size(); i++) {
      moved += carry(bridges.get(i));
    }
    return moved;
  }

  private static int carry(UserBridge bridge) {
    try {
      return bridge.doWork();
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "bridge " + bridge + " was not served", e);
      return 0;
    }
  }

  /** Stops the thread. The switchboards have been closed before. */
  @Override
  public void close() {
    synchronized (this) {
      stopping = true;
      poller.wakeUp();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    closer.close();
    poller.close();
  }
}
