package org.passerelle.lab.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** Collects what is wrong with a file while reading goes on. */
public final class Problems {
  private final List<Problem> found = new ArrayList<>();

  public void error(Position at, String text) {
    add(new Problem(at, Problem.Severity.ERROR, text));
  }

  public void warning(Position at, String text) {
    add(new Problem(at, Problem.Severity.WARNING, text));
  }

  /** The format knows it, we cannot do it yet. */
  public void unsupported(Position at, String what) {
    error(at, what + " is not supported yet");
  }

  private void add(Problem problem) {
    if (!found.contains(problem)) {
      found.add(problem);
    }
  }

  public boolean hasErrors() {
    return found.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
  }

  /** In the order of the file; what is wrong in the same way at several places is said once. */
  public List<Problem> all() {
    return found.stream()
        .sorted(Comparator.comparing(Problem::at))
        .collect(
            Collectors.groupingBy(
                problem -> List.of(problem.severity(), problem.text()),
                LinkedHashMap::new,
                Collectors.toList()))
        .values()
        .stream()
        .map(Problems::one)
        .toList();
  }

  private static Problem one(List<Problem> same) {
    Problem first = same.getFirst();
    return same.size() == 1
        ? first
        : new Problem(
            first.at(),
            first.severity(),
            "%s (and %d more, the last at %s)"
                .formatted(first.text(), same.size() - 1, same.getLast().at()));
  }
}
