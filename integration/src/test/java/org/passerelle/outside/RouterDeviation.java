package org.passerelle.outside;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Where vif-route and vif-nat do not do as Xen's own. */
enum RouterDeviation implements OnPurpose {
  FIRST_NAME_KEPT(
      scenario -> scenario.isNamed() && scenario.attaches(0),
      UnaryOperator.identity(),
      (scenario, facts) -> facts,
      "nothing");

  private final Predicate<VifScenario> applies;
  private final UnaryOperator<VifScenario> instead;
  private final BiFunction<VifScenario, List<String>, List<String>> expected;
  private final Pattern left;

  RouterDeviation(
      Predicate<VifScenario> applies,
      UnaryOperator<VifScenario> instead,
      BiFunction<VifScenario, List<String>, List<String>> expected,
      String left) {
    this.applies = applies;
    this.instead = instead;
    this.expected = expected;
    this.left = Pattern.compile(left, Pattern.DOTALL);
  }

  @Override
  public boolean applies(VifScenario scenario) {
    return applies.test(scenario);
  }

  @Override
  public VifScenario instead(VifScenario scenario) {
    return instead.apply(scenario);
  }

  @Override
  public List<String> expected(VifScenario scenario, List<String> facts) {
    return expected.apply(scenario, facts);
  }

  @Override
  public boolean explains(String difference) {
    return left.matcher(difference).matches();
  }
}
