package org.passerelle.lab.switching;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.passerelle.link.os.Poller;
import org.passerelle.link.os.PollerThread;

/**
 * The one thread that moves the frames of all bridges in user space. Others send it commands. It
 * sleeps when nothing is to be done.
 */
public final class SwitchThread implements AutoCloseable {
  private static final Logger LOG = System.getLogger(SwitchThread.class.getName());

  private final List<UserBridge> bridges = new ArrayList<>();

  /** Closes what the thread itself must not wait for: to close a packet socket takes its time. */
  private final ExecutorService closer =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("passerelle-switch-closer").factory());

  /** Frames, by the last round. */
  private int moved;

  private final PollerThread thread =
      new PollerThread("passerelle-switch", "the switch", () -> moved > 0 ? 0 : -1, this::carryAll);

  /** Starts the thread. Throws KernelException when there are no descriptors left for a poller. */
  public SwitchThread() {
    thread.start();
  }

  /** For watches on descriptors. On the thread only. */
  Poller poller() {
    return thread.poller();
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

  /** Waits for what was to be closed so far, also when the caller is interrupted. */
  void awaitClosed() {
    CompletableFuture.runAsync(() -> {}, closer).join(); // the last in line
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
    return thread.call(command);
  }

  /** As {@link #call}, for what has no result. */
  void run(Runnable command) {
    thread.run(command);
  }

  private void carryAll() {
    int sum = 0;
    for (int i = 0; i < bridges.size(); i++) {
      sum += carry(bridges.get(i));
    }
    moved = sum;
  }

  private static int carry(UserBridge bridge) {
    try {
      return bridge.doWork();
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "bridge " + bridge + " was not served", e);
      return 0;
    }
  }

  /**
   * Stops the thread, when all is closed that was to be closed later, also when the caller is
   * interrupted. The switchboards have been closed before.
   */
  @Override
  public void close() {
    thread.close();
    awaitClosed(); // ExecutorService.close would leave the rest undone when interrupted
    closer.shutdown();
  }
}
