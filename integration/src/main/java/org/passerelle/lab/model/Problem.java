package org.passerelle.lab.model;

/**
 * One thing wrong with a lab file.
 *
 * @param text the value, what is wrong with it, and what would be right
 */
public record Problem(Position at, Severity severity, String text) {

  /** An error forbids the run; a warning is printed and the run goes on. */
  public enum Severity {
    ERROR,
    WARNING
  }

  /**
   * As compilers print it, {@code FILE:LINE:COLUMN: error: TEXT}, so that editors can jump to it.
   */
  public String print(String file) {
    return file
        + ":"
        + at
        + ": "
        + (severity == Severity.ERROR ? "error" : "warning")
        + ": "
        + text;
  }
}
