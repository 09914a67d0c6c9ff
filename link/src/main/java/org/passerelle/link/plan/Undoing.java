package org.passerelle.link.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.passerelle.link.rtnl.Kernel;

/**
 * Carries undos out and does not give up at the first that fails. Where something failed, that
 * step's undo is tried again when all else is undone: a route, for one, may need another one that
 * comes back later. What was done of it the first time is not due the second time.
 */
final class Undoing {
  private final Kernel kernel;
  private final Consumer<Operation> done;
  private final List<List<Operation>> failed = new ArrayList<>();

  /**
   * @param done takes each operation that changed something
   */
  Undoing(Kernel kernel, Consumer<Operation> done) {
    this.kernel = kernel;
    this.done = done;
  }

  /** Undoes one step. Returns whether all went well. */
  boolean undo(List<Operation> operations) {
    boolean well = attempt(operations).isEmpty();
    if (!well) {
      failed.add(operations);
    }
    return well;
  }

  /** Tries again what failed; what fails again is returned, each as its command and the cause. */
  List<String> finish() {
    return failed.stream().flatMap(operations -> attempt(operations).stream()).toList();
  }

  private List<String> attempt(List<Operation> operations) {
    List<String> troubles = new ArrayList<>();
    for (Operation operation : operations) {
      try {
        if (operation.applyIfDue(kernel)) {
          done.accept(operation);
        }
      } catch (RuntimeException trouble) {
        troubles.add(operation.command() + ": " + trouble.getMessage());
      }
    }
    return troubles;
  }
}
