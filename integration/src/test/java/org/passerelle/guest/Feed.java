package org.passerelle.guest;

import java.io.PrintWriter;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** A line a test as it ends, with the reason when it did not pass. */
final class Feed implements TestExecutionListener {
  private final PrintWriter out;

  Feed(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    out.println(name(test) + " :: SKIPPED " + reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
    if (test.isTest() || !passed) {
      String reason = result.getThrowable().map(trouble -> " " + trouble).orElse("");
      out.println(name(test) + " :: " + result.getStatus() + reason);
    }
  }

  /** Class and method, and of one run of several, which. */
  private static String name(TestIdentifier test) {
    String display = test.getDisplayName();
    if (!(test.getSource().orElse(null) instanceof MethodSource source)) {
      return display;
    }
    String type = source.getClassName();
    String method = source.getMethodName();
    String run = display.startsWith(method) ? "" : " " + display;
    return type.substring(type.lastIndexOf('.') + 1) + " > " + method + run;
  }
}
