package org.passerelle.lab.run;

import java.util.List;

/** How a process ended, in words. */
final class ExitStatus {
  /** A signal's number is added to this: so shells tell it, the JDK, and a JVM that obeys one. */
  private static final int SIGNALLED = 128;

  private static final String NONE = "-";

  /** From 1 on (signal(7)), those that end a process; a dash for the rest, and for 16, unused. */
  private static final List<String> SIGNALS =
      List.of(
          ("HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM"
                  + " - - - - - - - - XCPU XFSZ VTALRM PROF - IO PWR SYS")
              .split(" "));

  private ExitStatus() {}

  /** A status with whose number no signal goes is the process's own. */
  static String of(int status) {
    String signal = signal(status - SIGNALLED);
    return signal.equals(NONE) ? "exit status " + status : "killed by SIG" + signal;
  }

  private static String signal(int number) {
    return number > 0 && number <= SIGNALS.size() ? SIGNALS.get(number - 1) : NONE;
  }
}
