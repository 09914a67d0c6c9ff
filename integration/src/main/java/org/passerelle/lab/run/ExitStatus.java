package org.passerelle.lab.run;

import java.util.Map;

/** How a process ended, in words. */
final class ExitStatus {
  /** A signal's number is added to this: so shells tell it, the JDK, and a JVM that obeys one. */
  private static final int SIGNALLED = 128;

  private static final Map<Integer, String> SIGNALS =
      Map.of(
          1, "SIGHUP", 2, "SIGINT", 3, "SIGQUIT", 4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8,
          "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV", 15, "SIGTERM");

  private ExitStatus() {}

  static String of(int status) {
    return status > SIGNALLED ? "killed by " + signal(status - SIGNALLED) : "exit status " + status;
  }

  private static String signal(int number) {
    return SIGNALS.getOrDefault(number, "signal " + number);
  }
}
