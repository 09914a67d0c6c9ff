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
 * @param captures the directory of all capture files
 */
public record RunResult(
    String lab, Lab.Switching switching, List<Outcome> outcomes, Path captures, Duration took) {

  public int passed() {
    return (int) outcomes.stream().filter(Outcome::passed).count();
  }

  public int failed() {
    return outcomes.size() - passed();
  }
}
