package org.passerelle.lab.report;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.passerelle.lab.check.Outcome;

/**
 * A whole run.
 *
 * @param captures the directory of all capture files
 */
public record RunResult(String lab, List<Outcome> outcomes, Path captures, Duration took) {

  public int passed() {
    return (int) outcomes.stream().filter(Outcome::passed).count();
  }

  public int failed() {
    return outcomes.size() - passed();
  }
}
