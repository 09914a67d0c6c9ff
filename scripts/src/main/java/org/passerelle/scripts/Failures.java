package org.passerelle.scripts;

import java.io.UncheckedIOException;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.link.plan.PlanException;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.rtnl.KernelException;

/** What went wrong, in one line for a log or the toolstack. */
final class Failures {
  private Failures() {}

  /** An error that we meant says all that there is to say; of others, what and where. */
  static String line(RuntimeException failure) {
    String text =
        switch (failure) {
          case ScriptException _,
              RefusedException _,
              PlanException _,
              KernelException _,
              StoreException _,
              UncheckedIOException _ ->
              String.valueOf(failure.getMessage());
          default -> "unexpected, please report it: " + failure + place(failure);
        };
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  private static String place(RuntimeException failure) {
    StackTraceElement[] trace = failure.getStackTrace();
    return trace.length == 0 ? "" : " at " + trace[0];
  }
}
