package org.passerelle.outside;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a script does not do as Xen's own, on purpose: {@code scripts/DEVIATIONS.md} has the
 * reasons. Each says in which scenarios, and what follows, as strictly as it can: ours comes to
 * what the original comes to in another scenario, with some facts changed; only the differences
 * that it explains may be left.
 */
interface OnPurpose {

  /** Whether it does, given what those before make of the scenario. */
  boolean applies(VifScenario scenario);

  /** What the original is to do for comparison. */
  VifScenario instead(VifScenario scenario);

  /** What is to be so after ours, of what is so after the original. */
  List<String> expected(VifScenario scenario, List<String> facts);

  boolean explains(String difference);

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
