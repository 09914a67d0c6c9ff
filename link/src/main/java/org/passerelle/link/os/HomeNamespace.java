package org.passerelle.link.os;

import java.util.concurrent.Callable;

/**
 * The network namespace in which something was made, for what the kernel shows to each thread as of
 * the thread's own. The maker stays in it, and need not be sent there for each call.
 */
public final class HomeNamespace implements AutoCloseable {
  private final Thread maker;
  private final Namespace namespace;

  private HomeNamespace(Thread maker, Namespace namespace) {
    this.maker = maker;
    this.namespace = namespace;
  }

  /** The calling thread's. */
  public static HomeNamespace here() {
    return new HomeNamespace(Thread.currentThread(), Namespace.current());
  }

  /** Runs a task there; a checked exception is wrapped. */
  public <T> T call(Callable<T> task) {
    return Thread.currentThread() == maker ? Namespace.here(task) : namespace.call(task);
  }

  @Override
  public void close() {
    namespace.close();
  }
}
