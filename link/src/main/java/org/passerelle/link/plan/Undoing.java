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
  private final Map<Integer, List<Again>> failed = new LinkedHashMap<>();

  /**
   * What is to be tried again.
   *
   * @param applied whether it has been carried out once
   */
  private record Again(Operation operation, boolean applied) {
    /**
     * Whether nothing of it is left though there is a trouble. That it is not due any more may be
     * its own work; but what it took away may still come back with what failed.
     */
    boolean isSettled(boolean appliedAgain) {
      return switch (operation) {
        case RemoveRoute _, RemoveAddress _, DeleteLink _ -> false;
        default -> applied || appliedAgain;
      };
    }
  }

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
    List<Again> again = new ArrayList<>();
    for (Operation operation : operations) {
      boolean troubled = !failed.isEmpty() || !again.isEmpty();
      Outcome outcome = tried(operation);
      if (outcome == Outcome.FAILED || troubled) {
        again.add(new Again(operation, outcome == Outcome.APPLIED));
      }
    }
    if (again.isEmpty()) {
      undone.accept(step);
    } else {
      failed.put(step, again);
    }
  }

  private enum Outcome {
    APPLIED,
    NOT_DUE,
    FAILED
  }

  private Outcome tried(Operation operation) {
    try {
      return apply(operation) ? Outcome.APPLIED : Outcome.NOT_DUE;
    } catch (RuntimeException trouble) {
      return Outcome.FAILED;
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

  /** Returns whether nothing of it is left; what was never due is, after a trouble. */
  private boolean tryAgain(List<Again> operations, List<String> troubles) {
    boolean whole = true;
    for (Again again : operations) {
      try {
        whole &= again.isSettled(apply(again.operation())) || troubles.isEmpty();
      } catch (RuntimeException trouble) {
        troubles.add(again.operation().command() + ": " + trouble.getMessage());
        whole = false;
      }
    }
    return whole;
  }
}
