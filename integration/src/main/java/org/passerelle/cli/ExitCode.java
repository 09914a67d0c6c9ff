package org.passerelle.cli;

/** What the command says to its caller when it ends. */
final class ExitCode {
  /** All well. */
  static final int OK = 0;

  /** A check failed, or a domain crashed. */
  static final int FAILED = 1;

  /** The lab file or the command line is wrong. */
  static final int USAGE = 2;

  /** The host cannot, or the set-up failed and was undone. */
  static final int CANNOT = 4;

  /** The tear-down failed: something may be left. */
  static final int LEFT_BEHIND = 5;

  /** SIGINT or SIGTERM. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
