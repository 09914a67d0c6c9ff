package org.passerelle.guest;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.EngineFilter.excludeEngines;
import static org.junit.platform.launcher.TagFilter.excludeTags;
import static org.junit.platform.launcher.TagFilter.includeTags;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.junit.platform.reporting.legacy.xml.LegacyXmlReportGeneratingListener;

/**
 * Runs the tests of a guest of integration/xen, where there is no Maven: {@code GuestTests
 * DIRECTORY CLASS…}. Those that need something of a kernel or of Xen, and are neither {@code timed}
 * nor of the {@code host} alone because kernels do not differ in what they show. The results are
 * printed as they come, and put into the directory as JUnit's XML. JUnit's own launcher takes nine
 * seconds of an emulated processor to read its options.
 */
final class GuestTests {
  private GuestTests() {}

  /** Exit code 0 when there were tests and all that ran passed. */
  public static void main(String[] arguments) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(
                Arrays.stream(arguments, 1, arguments.length)
                    .map(name -> selectClass(name))
                    .toList())
            .filters(excludeEngines("jqwik"), includeTags("needs"), excludeTags("timed", "host"))
            .build();
    PrintWriter out = new PrintWriter(System.out, true);
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    TestExecutionListener reports =
        new LegacyXmlReportGeneratingListener(Path.of(arguments[0]), out);
    Launcher launcher = LauncherFactory.create();
    launcher.execute(request, new Feed(out), summary, reports);
    System.exit(judge(summary.getSummary(), out));
  }

  private static int judge(TestExecutionSummary summary, PrintWriter out) {
    summary.printFailuresTo(out);
    out.printf(
        "%d tests: %d passed, %d failed, %d skipped%n",
        summary.getTestsFoundCount(),
        summary.getTestsSucceededCount(),
        summary.getTotalFailureCount(),
        summary.getTestsSkippedCount() + summary.getTestsAbortedCount());
    boolean good = summary.getTotalFailureCount() == 0 && summary.getTestsSucceededCount() > 0;
    return good ? 0 : 1;
  }
}
