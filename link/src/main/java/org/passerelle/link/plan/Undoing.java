package org.passerelle.link.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.passerelle.link.rtnl.Kernel;

/**
 * Carries undos out and does not give up at the first that fails. What failed is tried again when
 * all else is undone: a route, for one, may need another one that comes back later. With it what
 * followed it in its step and was not due, perhaps for its failure.
 */
final class Undoing {
  private final Kernel kernel;
  private final Consumer<Operation> done;
  private final List<Operation> failed = new ArrayList<>();

  /**
   * @param done takes each operation that changed something
   */
  Undoing(Kernel kernel, Consumer<Operation> done) {
    this.kernel = kernel;
    this.done = done;
  }

  /** Undoes one step. Returns whether all went well. */
  boolean undo(List<Operation> operations) {
    List<Operation> again = new ArrayList<>();
    for (Operation operation : operations) {
      try {
        if (!apply(operation) && !again.isEmpty()) {
          again.add(operation);
        }
      } catch (RuntimeException trouble) {
        again.add(operation);
      }
    }
    failed.addAll(again);
    return again.isEmpty();
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
    for (Operation operation : failed) {
      try {
        apply(operation);
      } catch (RuntimeException trouble) {
        troubles.add(operation.command() + ": " + trouble.getMessage());
      }
    }
    return troubles;
  }
}
