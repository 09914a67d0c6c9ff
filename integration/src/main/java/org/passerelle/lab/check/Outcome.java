package org.passerelle.lab.check;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What came of a check.
 *
 * @param captures files that were written
 * @param details the few frames, or other lines, that explain a failure
 */
public record Outcome(
    String name,
    boolean passed,
    String expected,
    String seen,
    Duration took,
    List<Path> captures,
    List<String> details) {}
