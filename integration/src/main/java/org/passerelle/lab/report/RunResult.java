package org.passerelle.lab.report;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.passerelle.lab.check.Outcome;
import org.passerelle.lab.model.Lab;

/**
 * A whole run.
 *
 * @param switching who bridged: not {@code AUTO}
 * @param crashes the domains that did not live to its end
 * @param captures the directory of all capture files
 */
public record RunResult(
    String lab,
    Lab.Switching switching,
    List<Outcome> outcomes,
    List<Crash> crashes,
    Path captures,
    Duration took) {

  public int passed() {
    return (int) outcomes.stream().filter(Outcome::passed).count();
  }

  public int failed() {
    return outcomes.size() - passed();
  }

  /** Whether every check passed, and every domain lived. */
  public boolean allWell() {
    return failed() == 0 && crashes.isEmpty();
  }
}
