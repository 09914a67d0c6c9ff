package org.passerelle.outside;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Where a script does not do as Xen's own, on purpose: {@code scripts/DEVIATIONS.md} has the
 * reasons. Each says in which scenarios, and what follows, as strictly as it can: ours comes to
 * what the original comes to in another scenario, with some facts changed; only the differences
 * that it explains may be left.
 */
interface OnPurpose {

  /**
   * How one is told.
   *
   * @param applies whether it does, given what those before make of the scenario
   * @param instead what the original is to do for comparison
   * @param expected what is to be so after ours, of what is so after the original
   * @param left the differences that it explains
   */
  record Terms(
      Predicate<VifScenario> applies,
      UnaryOperator<VifScenario> instead,
      BiFunction<VifScenario, List<String>, List<String>> expected,
      Pattern left) {}

  Terms terms();

  default boolean applies(VifScenario scenario) {
    return terms().applies().test(scenario);
  }

  default VifScenario instead(VifScenario scenario) {
    return terms().instead().apply(scenario);
  }

  default List<String> expected(VifScenario scenario, List<String> facts) {
    return terms().expected().apply(scenario, facts);
  }

  default boolean explains(String difference) {
    return terms().left().matcher(difference).matches();
  }

  /** The facts, and one more. */
  static List<String> with(List<String> facts, String more) {
    List<String> all = new ArrayList<>(facts);
    all.add(more);
    return all;
  }

  /** What is said of the first call is so after the second. */
  static List<String> twice(List<String> facts, String call) {
    List<String> all = new ArrayList<>(facts);
    facts.stream()
        .filter(fact -> fact.contains(call))
        .map(fact -> fact.replace("call 1", "call 2"))
        .forEach(all::add);
    return all;
  }
}
