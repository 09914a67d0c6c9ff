package org.passerelle.scripts;

import java.io.UncheckedIOException;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.link.os.FileTrouble;
import org.passerelle.link.plan.FileFailure;
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
    return withCauses(text, failure).strip().replaceAll("\\s*\\R\\s*", " ");
  }

  /** Plans say of a file what Java does. */
  private static String withCauses(String text, Throwable failure) {
    return switch (failure) {
      case null -> text;
      case FileFailure file ->
          text.replace(file.getMessage(), FileTrouble.text(file.operation(), file.getCause()));
      default -> withCauses(text, failure.getCause());
    };
  }

  private static String place(RuntimeException failure) {
    StackTraceElement[] trace = failure.getStackTrace();
    return trace.length == 0 ? "" : " at " + trace[0];
  }
}
