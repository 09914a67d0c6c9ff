package org.passerelle.doctor.report;

import java.util.List;
import org.passerelle.doctor.Finding;

/** How many findings there are of a kind. */
public final class Tally {
  private Tally() {}

  public static long count(List<Finding> findings, Finding.Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }
}
