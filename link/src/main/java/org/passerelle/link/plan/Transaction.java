package org.passerelle.link.plan;

import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.passerelle.link.rtnl.Kernel;

/**
 * Carries a plan out, whole or not at all: when a step fails, or when asked to stop, it undoes the
 * ones before in reverse. Each step's undo is in the journal before the step. Owned by one thread.
 */
public final class Transaction {
  private final Kernel kernel;
  private final Journal journal;
  private final BooleanSupplier stop;
  private final Deque<Undo> undos = new ArrayDeque<>();

  /** What one step left to be undone. */
  private record Undo(int step, List<Operation> operations) {}

  /**
   * @param stop asked before each step and after the last; true undoes all, as after SIGTERM
   */
  public Transaction(Kernel kernel, Journal journal, BooleanSupplier stop) {
    this.kernel = kernel;
    this.journal = journal;
    this.stop = stop;
  }

  /**
   * Carries the plan out.
   *
   * @throws PlanException when it could not, after all was undone; it says also what could not be
   */
  public void run(Plan plan) {
    run(List.of(() -> plan));
  }

  /**
   * Carries several plans out as one: each is made when those before it are done, from what is
   * there by then. When one cannot be made, or carried out, all are undone.
   */
  public void run(List<Supplier<Plan>> planners) {
    run(planners, () -> {});
  }

  /** The same, and then what is no step: when that fails all are undone, too. */
  public void run(List<Supplier<Plan>> planners, Runnable last) {
    planners.forEach(planner -> take(made(planner).steps()));
    conclude(
        () -> {
          last.run();
          journal.finish();
        });
  }

  private Plan made(Supplier<Plan> planner) {
    try {
      return planner.get();
    } catch (RuntimeException failure) {
      throw PlanException.unconcluded(failure, undoAll());
    }
  }

  /** Carries the plan out and tells the world; when that fails all is undone, too. */
  public void run(Plan plan, Announcement announcement) {
    take(plan.steps());
    conclude(
        () -> {
          journal.announcing(announcement.proof());
          announcement.say().run();
        });
    // What was said is not taken back for a file: whoever finds it sees the proof.
    attempt("remove the journal", journal::finish, new ArrayList<>());
  }

  private void take(List<Step> steps) {
    for (Step step : steps) {
      if (stop.getAsBoolean()) {
        throw PlanException.stopped(before(step), undoAll());
      }
      try {
        run(step.operation());
      } catch (RuntimeException failure) {
        throw PlanException.failed(step, failure, undoAll());
      }
    }
    if (!steps.isEmpty() && stop.getAsBoolean()) {
      throw PlanException.stopped("after the last step", undoAll());
    }
  }

  private static String before(Step step) {
    return "before: " + step.operation().command();
  }

  private void conclude(Runnable last) {
    try {
      last.run();
    } catch (RuntimeException failure) {
      throw PlanException.unconcluded(failure, undoAll());
    }
  }

  private void run(Operation operation) {
    int number = undos.size();
    List<Operation> undo = operation.undo(new Host(kernel));
    journal.before(number, undo);
    // Before: a refusal, or an answer that never came, may hide that it was done all the same.
    undos.push(new Undo(number, undo));
    operation.apply(kernel);
  }

  private List<String> undoAll() {
    List<String> troubles = new ArrayList<>();
    Undoing undoing =
        new Undoing(
            kernel,
            operation -> {},
            step -> attempt("note the undo in the journal", () -> journal.undone(step), troubles));
    while (!undos.isEmpty()) {
      Undo undo = undos.pop();
      undoing.undo(undo.step(), undo.operations());
    }
    troubles.addAll(undoing.finish());
    if (troubles.isEmpty()) {
      attempt("remove the journal", journal::finish, troubles);
    }
    return troubles;
  }

  /** A full disk must not keep the rest from being undone. */
  private static void attempt(String what, Runnable action, List<String> troubles) {
    try {
      action.run();
    } catch (UncheckedIOException trouble) {
      troubles.add(what + ": " + trouble.getMessage());
    }
  }
}
