package org.passerelle.doctor.check;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.passerelle.doctor.Finding;
import org.passerelle.doctor.facts.Facts;

/** All checks, in the order of the sections. */
public final class Checks {
  private static final List<Function<Facts, Stream<Finding>>> ALL =
      List.of(
          KernelChecks::of,
          XenChecks::of,
          SettingChecks::of,
          FirewallChecks::of,
          NicChecks::of,
          JournalChecks::of,
          StartChecks::of,
          GuardChecks::of,
          ProcessChecks::of,
          AgentChecks::of);

  private Checks() {}

  public static List<Finding> of(Facts facts) {
    return ALL.stream().flatMap(check -> check.apply(facts)).toList();
  }
}
