package org.passerelle.link.testing;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.HostCapability;

/** Decides on {@link Needs}. */
final class NeedsCondition implements ExecutionCondition {

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Optional<Needs> needs = AnnotationSupport.findAnnotation(context.getElement(), Needs.class);
    List<Capability> asked = needs.map(Needs::value).map(Arrays::asList).orElse(List.of());
    return decide(asked, HostCapability::of, "true".equals(System.getenv("CI")));
  }

  static ConditionEvaluationResult decide(
      List<Capability> asked, Function<Capability, HostCapability> host, boolean ci) {
    for (Capability capability : asked) {
      HostCapability found = host.apply(capability);
      if (!found.present()) {
        return missing(found, ci);
      }
    }
    return ConditionEvaluationResult.enabled("this host has all of " + asked);
  }

  private static ConditionEvaluationResult missing(HostCapability absent, boolean ci) {
    String reason = "needs " + absent;
    if (ci && absent.capability().isObtainable()) {
      throw new AssertionError(reason + " (CI=true: a CI machine must have it)");
    }
    return ConditionEvaluationResult.disabled(reason);
  }
}
