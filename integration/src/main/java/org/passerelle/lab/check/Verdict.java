package org.passerelle.lab.check;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What one check found, before it has its name and its time. */
record Verdict(
    boolean passed, String expected, String seen, List<Path> captures, List<String> details) {

  static Verdict of(boolean passed, String expected, String seen) {
    return new Verdict(passed, expected, seen, List.of(), List.of());
  }

  Verdict with(List<Path> newCaptures, List<String> newDetails) {
    return new Verdict(passed, expected, seen, newCaptures, newDetails);
  }

  Outcome named(String name, Duration took) {
    return new Outcome(name, passed, expected, seen, took, captures, details);
  }
}
