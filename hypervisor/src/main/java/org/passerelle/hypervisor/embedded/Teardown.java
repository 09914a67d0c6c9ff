package org.passerelle.hypervisor.embedded;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What undoes the steps by which something was started, last one first. Every step is undone
 * whatever becomes of the others; the first failure is thrown in the end, the rest with it.
 */
final class Teardown implements AutoCloseable {
  private final Deque<Runnable> steps = new ArrayDeque<>();

  void add(Runnable undo) {
    steps.push(undo);
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    while (!steps.isEmpty()) {
      try {
        steps.pop().run();
      } catch (RuntimeException e) {
        failure = joined(failure, e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Undoes what was started before {@code cause} stopped it. */
  void closeAfter(RuntimeException cause) {
    try {
      close();
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private static RuntimeException joined(RuntimeException first, RuntimeException next) {
    if (first == null) {
      return next;
    }
    first.addSuppressed(next);
    return first;
  }
}
