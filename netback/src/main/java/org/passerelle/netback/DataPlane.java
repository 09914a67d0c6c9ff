package org.passerelle.netback;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.passerelle.link.os.Poller;
import org.passerelle.link.os.PollerThread;

/**
 * The one thread that moves frames: it owns all halves of vifs that are attached to it. Others send
 * it commands. It sleeps when nothing is to be done; five times a second it looks at every ring, so
 * that what a peer did without telling is noticed.
 */
public final class DataPlane implements AutoCloseable {
  private static final Logger LOG = System.getLogger(DataPlane.class.getName());
  private static final long SWEEP = 200_000_000;
  private static final long MILLISECOND = 1_000_000;

  private final long start = System.nanoTime();
  private final LongSupplier clock = () -> System.nanoTime() - start;
  private final Map<VifKey, VifGroup> groups = new HashMap<>();
  private final ArrayDeque<VifGroup> ready = new ArrayDeque<>();

  /** Groups that want to be called at a time of their own. */
  private final Set<VifGroup> timed = new HashSet<>();

  private final PollerThread thread =
      new PollerThread("passerelle-data", "the data plane", this::timeout, this::work);

  private long nextSweep = clock.getAsLong();

  /** Starts the thread. Throws KernelException when there are no descriptors left for a poller. */
  public DataPlane() {
    thread.start();
  }

  /** Monotonic nanoseconds since the start, as the halves see them. */
  LongSupplier clock() {
    return clock;
  }

  /** Runs {@code command} on the thread and waits for its result; what it throws is passed on. */
  <T> T call(Callable<T> command) {
    return thread.call(command);
  }

  /** As {@link #call}, for what has no result. */
  void run(Runnable command) {
    thread.run(command);
  }

  /** Starts to serve a half. On the thread only. */
  void attach(VifKey vif, Half half) {
    VifGroup group = groups.computeIfAbsent(vif, key -> new VifGroup());
    group.add(half);
    for (int port : half.eventPorts()) {
      thread
          .poller()
          .add(
              half.events().descriptor(port),
              Poller.READABLE | Poller.EDGE,
              events -> {
                half.eventArrived(port);
                enqueue(group);
              });
    }
    if (half.portDescriptor() >= 0) {
      thread
          .poller()
          .add(
              half.portDescriptor(),
              Poller.READABLE | Poller.EDGE,
              events -> {
                half.portReady();
                enqueue(group);
              });
    }
    enqueue(group);
  }

  /** Serves a half no longer; its descriptors may be closed afterwards. On the thread only. */
  void detach(VifKey vif, Half half) {
    VifGroup group = groups.get(vif);
    group.remove(half);
    if (group.isEmpty()) {
      groups.remove(vif);
      timed.remove(group);
    }
    for (int port : half.eventPorts()) {
      unwatch(() -> half.events().descriptor(port));
    }
    if (half.portDescriptor() >= 0) {
      unwatch(half::portDescriptor);
    }
  }

  /** A descriptor that is gone is watched no more either: the half's end goes on. */
  private void unwatch(IntSupplier descriptor) {
    try {
      thread.poller().remove(descriptor.getAsInt());
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "a descriptor is watched still: {0}", e.getMessage());
    }
  }

  private void enqueue(VifGroup group) {
    if (group.enqueue()) {
      ready.add(group);
    }
  }

  private int timeout() {
    if (!ready.isEmpty()) {
      return 0;
    }
    if (groups.isEmpty()) {
      return -1;
    }
    long wait = nextSweep - clock.getAsLong();
    for (VifGroup group : timed) {
      wait = Math.min(wait, group.deadline() - clock.getAsLong());
    }
    return (int) Math.max(0, (wait + MILLISECOND - 1) / MILLISECOND);
  }

  private void work() {
    wakeDue();
    runReady();
  }

  private void wakeDue() {
    long now = clock.getAsLong();
    if (now - nextSweep >= 0) {
      nextSweep = now + SWEEP;
      groups.values().forEach(this::enqueue);
    }
    for (VifGroup group : timed) {
      if (group.deadline() - now <= 0) {
        enqueue(group);
      }
    }
  }

  /** Runs each group in line once; those that have more to do get in line again. */
  private void runReady() {
    for (int left = ready.size(); left > 0; left--) {
      VifGroup group = ready.remove();
      if (runSafely(group)) {
        enqueue(group);
      }
      if (group.deadline() == Half.NEVER) {
        timed.remove(group);
      } else if (!group.isEmpty()) {
        timed.add(group);
      }
    }
  }

  /** What a half does not catch itself keeps its vif waiting until the next sweep, and no other. */
  private static boolean runSafely(VifGroup group) {
    try {
      return group.run();
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "a vif was not served", e);
      return false;
    }
  }

  /** Stops the thread. The halves have been closed before, by their drivers. */
  @Override
  public void close() {
    thread.close();
  }
}
