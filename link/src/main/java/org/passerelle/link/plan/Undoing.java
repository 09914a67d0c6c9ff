package org.passerelle.link.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.passerelle.link.rtnl.Kernel;

/**
 * Carries undos out and does not give up at the first that fails. When all else is undone, what
 * failed is tried again: a route, for one, may need another one that comes back later. With it, in
 * its order, goes all that came after it: a pair whose name could not be given back yet was not
 * found by that name, and a route that is put back must go again where an earlier step had made it.
 */
final class Undoing {
  private final Kernel kernel;
  private final Consumer<Operation> done;
  private final IntConsumer undone;
  private final Map<Integer, List<Operation>> failed = new LinkedHashMap<>();

  /**
   * @param done takes each operation that changed something
   * @param undone takes the number of each step of which nothing is left to undo
   */
  Undoing(Kernel kernel, Consumer<Operation> done, IntConsumer undone) {
    this.kernel = kernel;
    this.done = done;
    this.undone = undone;
  }

  /** Undoes one step. */
  void undo(int step, List<Operation> operations) {
    List<Operation> again = new ArrayList<>();
    for (Operation operation : operations) {
      boolean troubled = !failed.isEmpty() || !again.isEmpty();
      if (!tried(operation) || troubled) {
        again.add(operation);
      }
    }
    if (again.isEmpty()) {
      undone.accept(step);
    } else {
      failed.put(step, again);
    }
  }

  private boolean tried(Operation operation) {
    try {
      apply(operation);
      return true;
    } catch (RuntimeException trouble) {
      return false;
    }
  }

  private boolean apply(Operation operation) {
    boolean due = operation.applyIfDue(kernel);
    if (due) {
      done.accept(operation);
    }
    return due;
  }

  /** Tries again what failed; what fails again is returned, each as its command and the cause. */
  List<String> finish() {
    List<String> troubles = new ArrayList<>();
    failed.forEach(
        (step, operations) -> {
          if (tryAgain(operations, troubles)) {
            undone.accept(step);
          }
        });
    return troubles;
  }

  /** Returns whether nothing of it is left; what was not due is, after a trouble. */
  private boolean tryAgain(List<Operation> operations, List<String> troubles) {
    boolean whole = true;
    for (Operation operation : operations) {
      try {
        whole &= apply(operation) || troubles.isEmpty();
      } catch (RuntimeException trouble) {
        troubles.add(operation.command() + ": " + trouble.getMessage());
        whole = false;
      }
    }
    return whole;
  }
}
