package org.passerelle.hypervisor.xenstore.server;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.passerelle.hypervisor.xenstore.StoreException;

/** The thread that owns the store: commands for it, from others who wait for the result. */
final class OwnerThread {
  private static final long SHUTDOWN_SECONDS = 5;

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, Thread.ofPlatform().daemon().name("xenstore").factory(), NioIoHandler.newFactory());
  private final EventLoop loop = group.next();

  EventLoopGroup group() {
    return group;
  }

  /**
   * Runs {@code work} there and waits. Throws what it throws, and {@link StoreException} EIO when
   * the store is closed.
   */
  <T> T call(String what, Supplier<T> work) {
    if (loop.inEventLoop()) {
      throw new IllegalStateException(what + ": a watch's receiver must hand over, not wait here");
    }
    try {
      return result(what, loop.submit(work::get));
    } catch (RejectedExecutionException e) {
      throw new StoreException(what + ": the store is closed", "EIO", e);
    }
  }

  void run(String what, Runnable work) {
    call(
        what,
        () -> {
          work.run();
          return null;
        });
  }

  void shutDown() {
    group.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static <T> T result(String what, Future<T> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true; // The command runs all the same: its result is waited for.
        }
      }
    } catch (ExecutionException e) {
      throw asThrownHere(what, e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException asThrownHere(String what, Throwable cause) {
    return cause instanceof StoreException refused
        ? new StoreException(refused.operation(), refused.error(), refused)
        : new IllegalStateException(what, cause);
  }
}
