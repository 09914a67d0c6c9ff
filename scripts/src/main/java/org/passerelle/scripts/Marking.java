package org.passerelle.scripts;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.RunMark;
import org.passerelle.link.plan.SetMark;

/**
 * The words that a start, or a stop, has for vifs, as steps of its plan: so a killed one leaves
 * none that the next run does not find in the journal. New ones are there before any vif may be
 * attached, which would have no limit; those that count no more go when all else is done.
 *
 * @param before the steps before all others
 * @param after those after them
 */
record Marking(Plan before, Plan after) {

  /**
   * What is to become of a mark.
   *
   * @param word empty: it is not to be there
   * @param reason of the step
   */
  record Wanted(RunMark mark, Optional<String> word, String reason) {
    boolean isDue() {
      return !mark.wordIfSet().equals(word);
    }
  }

  /** The steps for those of the marks that are not as they are to be. */
  static Marking of(List<Wanted> all) {
    Plan.Builder before = new Plan.Builder();
    Plan.Builder after = new Plan.Builder();
    all.stream()
        .filter(Wanted::isDue)
        .forEach(
            one ->
                (one.word().isPresent() ? before : after)
                    .add(SetMark.of(one.mark(), one.word()), one.reason()));
    return new Marking(before.build(), after.build());
  }

  Plan around(Plan plan) {
    return before.then(plan).then(after);
  }

  /** Around several plans, each made from what those before it left. */
  List<Supplier<Plan>> around(List<Supplier<Plan>> planners) {
    if (planners.isEmpty()) {
      return List.of(() -> around(Plan.NONE));
    }
    List<Supplier<Plan>> all = new ArrayList<>(planners);
    Supplier<Plan> first = all.getFirst();
    all.set(0, () -> before.then(first.get()));
    Supplier<Plan> last = all.getLast();
    all.set(all.size() - 1, () -> last.get().then(after));
    return all;
  }
}
