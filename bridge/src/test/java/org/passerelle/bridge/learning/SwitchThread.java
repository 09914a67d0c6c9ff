package org.passerelle.bridge.learning;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.passerelle.link.os.Poller;
import org.passerelle.link.port.Port;

/** Drives a bridge between ports with descriptors: sleeps until one of them has frames. */
final class SwitchThread implements AutoCloseable {
  /** The first port that failed. */
  final CompletableFuture<BridgePort> failed = new CompletableFuture<>();

  /** How often the thread woke up. */
  volatile long turns;

  private final Poller poller = new Poller();
  private final LearningBridge bridge =
      new LearningBridge("lan", System::nanoTime, (port, cause) -> lost(port));
  private final Thread thread;
  private volatile boolean ended;

  SwitchThread() {
    thread = Thread.ofPlatform().daemon().name("switch").start(this::run);
  }

  BridgePort add(Port port) {
    return call(
        () -> {
          BridgePort added = bridge.add(port);
          poller.add(
              port.descriptor(), Poller.READABLE | Poller.EDGE, events -> bridge.ready(added));
          return added;
        });
  }

  void remove(BridgePort port) {
    call(
        () -> {
          poller.remove(port.port().descriptor());
          bridge.remove(port);
          return port;
        });
  }

  private void lost(BridgePort port) {
    poller.remove(port.port().descriptor());
    failed.complete(port);
  }

  private <T> T call(Callable<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    poller.post(
        () -> {
          try {
            result.complete(task.call());
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    return result.join();
  }

  private void run() {
    while (!ended) {
      poller.poll(bridge.doWork() > 0 ? 0 : -1);
      turns++;
    }
  }

  @Override
  public void close() {
    ended = true;
    poller.wakeUp();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while waiting for the switch", e);
    }
    poller.close();
  }
}
